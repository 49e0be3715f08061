package org.iommulab.ui.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javafx.scene.AccessibleAction;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.LabSession;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.file.FileOpener;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.workbench.DesktopStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/** A log, and what is added to it, in the whole window. */
@OnScreen
class CaseFaceTest {

  private static final String LOG =
      """
      [    0.500000] DMAR: IOMMU enabled
      [  100.000000] DMAR: DRHD: handling fault status reg 2
      [  100.000001] DMAR: [DMA Read NO_PASID] Request device [00:03.0] fault addr 0x1abc000 [fault reason 0x06] PTE Read access is not set
      [  101.000001] DMAR: [DMA Write NO_PASID] Request device [00:03.0] fault addr 0x5000 [fault reason 0x05] PTE Write access is not set
      """;
  private static final String TABLES =
      """
      IOMMU dmar0: Root Table Address: 0x100000
      B.D.F\tRoot_entry\t\t\t\tContext_entry\t\t\t\tPASID\tPASID_table_entry
      00:03.0\t0x0000000000000000:0x0000000000101001\t0x0000000000000102:0x0000000000102001\t-1    \t0x0000000000000000:0x0000000000000000:0x0000000000000000

      Device 0000:00:03.0 @0x102000
      IOVA_PFN         \tPML5E             \tPML4E             \tPDPE              \tPDE               \tPTE
      0x00000000fffff |\t0x0000000000000000\t0x0000000000103003\t0x0000000000104003\t0x0000000000105003\t0x0000000001abc003
      """;
  private static final String TRACE =
      """
      # tracer: nop
           init-1       [000] .....    99.000000: map: IOMMU: iova=0x0000000000005000 - 0x0000000000006000 paddr=0x0000000001abc000 size=4096
           init-1       [000] d..1.   100.500000: unmap: IOMMU: iova=0x0000000000005000 - 0x0000000000006000 size=4096 unmapped_size=4096
      """;
  private static final String OTHER =
      """
      [  200.000000] DMAR: DRHD: handling fault status reg 2
      [  200.000001] DMAR: [DMA Read NO_PASID] Request device [00:04.0] fault addr 0x7000 [fault reason 0x06] PTE Read access is not set
      """;

  @TempDir private Path folder;
  @RegisterExtension final DesktopStage desktop = new DesktopStage(1280, 800);

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** Opens files as a person does, and waits for what comes of it. */
  private void open(FxRobot robot, Path... files) throws InterruptedException {
    changed(robot, () -> desktop.get(FileOpener.class).open(List.of(files)));
  }

  private CaseModel model() {
    return desktop.get(CaseModel.class);
  }

  private <N extends Node> N node(String id, Class<N> type) {
    Node node = desktop.scene().lookup("#" + id);
    assertThat(node).as(id).isNotNull();
    return type.cast(node);
  }

  private String sentence() {
    return node("case-sentence", Label.class).getText();
  }

  @Test
  void openedLogTakesTheWindowAndEscapeGivesItBack(FxRobot robot)
      throws IOException, InterruptedException {
    open(robot, file("dmesg.txt", LOG));
    assertThat(model().showingProperty().get()).isTrue();
    assertThat(sentence()).contains("00:03.0");
    assertThat(node("case-log", ListView.class).getItems()).hasSize(4);
    robot.press(KeyCode.ESCAPE).release(KeyCode.ESCAPE);
    desktop.settle();
    assertThat(model().showingProperty().get()).isFalse();
  }

  @Test
  void caseThatIsOpenedOverTheStartPageIsInFrontUntilItIsLeft(FxRobot robot)
      throws IOException, InterruptedException {
    robot.interact(() -> desktop.get(LearnModel.class).open());
    open(robot, file("dmesg.txt", LOG));
    assertThat(node("case-pane", Node.class).isVisible()).isTrue();
    assertThat(desktop.scene().getRoot().lookup("#learn").isVisible()).isFalse();
    robot.interact(() -> model().leave());
    desktop.settle();
    assertThat(desktop.scene().getRoot().lookup("#learn").isVisible()).isTrue();
  }

  @Test
  void evidenceIsAddedToTheCaseOnShow(FxRobot robot) throws IOException, InterruptedException {
    open(robot, file("dmesg.txt", LOG));
    open(robot, file("tables.txt", TABLES));
    CaseModel.Shown shown = model().openedProperty().get();
    assertThat(shown.explained().opened().logs()).hasSize(1);
    assertThat(shown.explained().opened().snapshots()).hasSize(1);
    assertThat(sentence()).contains("physical address");
    robot.interact(() -> desktop.get(FileOpener.class).paste(TRACE));
    for (int i = 0; i < 2000 && model().openedProperty().get() == shown; i++) {
      desktop.settle();
    }
    assertThat(model().openedProperty().get().explained().opened().traces()).hasSize(1);
  }

  @Test
  void faultThatIsClickedIsExplainedWalkedAndShownInTheLog(FxRobot robot)
      throws IOException, InterruptedException {
    open(robot, file("dmesg.txt", LOG), file("tables.txt", TABLES));
    TableView<?> reach = node("case-reach-table", TableView.class);
    assertThat(node("case-reach-field", TextField.class).getText()).isEqualTo("0x1abc000");
    assertThat(reach.getItems()).hasSize(1);
    robot.clickOn("#case-fault-00-03-0-5000");
    desktop.settle();
    desktop.settle();
    assertThat(node("case-reach-field", TextField.class).getText()).isEqualTo("0x5000");
    ListView<?> log = node("case-log", ListView.class);
    assertThat(log.getSelectionModel().getSelectedIndex()).isEqualTo(3);
    assertThat(node("case-command", Label.class).getText()).endsWith("--rid 00:03.0 --iova 0x5000");
  }

  @Test
  void factLeadsToItsLineInItsFile(FxRobot robot) throws IOException, InterruptedException {
    open(
        robot,
        file("dmesg.txt", LOG),
        file("tables.txt", TABLES),
        file("iomem.txt", "00000000-00000fff : Reserved\n00100000-7fffffff : System RAM\n"));
    Hyperlink link =
        LabWindow.read(
            () ->
                desktop.scene().getRoot().lookupAll(".case-link").stream()
                    .map(Hyperlink.class::cast)
                    .filter(each -> each.getText().equals("iomem.txt:2"))
                    .findFirst()
                    .orElseThrow());
    robot.interact(link::fire);
    desktop.settle();
    ListView<?> text = node("case-log", ListView.class);
    assertThat(text.getItems()).hasSize(2);
    assertThat(text.getSelectionModel().getSelectedIndex()).isEqualTo(1);
  }

  @Test
  void faultIsSentAgainOnAForkAsACommand(FxRobot robot) throws IOException, InterruptedException {
    open(robot, file("dmesg.txt", LOG), file("tables.txt", TABLES));
    robot.interact(() -> desktop.get(Actions.class).get("case-replay").run());
    for (int i = 0; i < 200 && commands().isEmpty(); i++) {
      desktop.settle();
    }
    assertThat(commands())
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "{\"op\":\"dma.read\",\"rid\":\"00:03.0\",\"iova\":\"0x1abc000\",\"len\":4}"));
    assertThat(node("case-title", Label.class).getText()).contains("fork");
  }

  private List<String> commands() {
    return desktop
        .get(LabSession.class)
        .ask(
            view ->
                view.journal().stream()
                    .map(JournalEntry::command)
                    .map(command -> command.toJson())
                    .toList())
        .join();
  }

  @Test
  void reportAndComparisonComeFromTheWindow(FxRobot robot)
      throws IOException, InterruptedException {
    open(robot, file("dmesg.txt", LOG), file("tables.txt", TABLES));
    Path report = folder.resolve("report.md");
    robot.interact(() -> desktop.get(CaseActions.class).writeReport(report));
    assertThat(Files.readString(report)).contains("=> blocked");
    Path other = file("after.txt", TABLES.replace("1abc003", "1abd003"));
    robot.interact(() -> desktop.get(CaseActions.class).compareWith(other));
    for (int i = 0; i < 2000 && model().differencesProperty().get() == null; i++) {
      desktop.settle();
    }
    desktop.settle();
    TableView<?> table = node("changes-table", TableView.class);
    assertThat(table.getItems()).hasSize(1);
  }

  @Test
  void traceIsFilteredByDeviceOrEvent(FxRobot robot) throws IOException, InterruptedException {
    open(robot, file("trace.txt", TRACE));
    TableView<?> table = node("trace-table", TableView.class);
    assertThat(table.getItems()).hasSize(2);
    robot.interact(() -> node("trace-filter", TextField.class).setText("unmap"));
    desktop.settle();
    assertThat(table.getItems()).hasSize(1);
  }

  @Test
  void everyTraceOfACaseCanBeShown(FxRobot robot) throws IOException, InterruptedException {
    String more = TRACE.lines().limit(2).reduce("", (text, line) -> text + line + "\n");
    open(robot, file("first.txt", TRACE), file("second.txt", more));
    TableView<?> table = node("trace-table", TableView.class);
    ComboBox<?> choice = node("trace-choice", ComboBox.class);
    assertThat(
            LabWindow.read(() -> choice.getParent().isVisible() && choice.getItems().size() == 2))
        .isTrue();
    assertThat(table.getItems()).hasSize(2);
    robot.interact(() -> choice.getSelectionModel().select(1));
    desktop.settle();
    assertThat(table.getItems()).hasSize(1);
  }

  @Test
  void everythingIsSaidInChineseToo(FxRobot robot) throws IOException, InterruptedException {
    open(robot, file("dmesg.txt", LOG), file("tables.txt", TABLES));
    robot.interact(() -> desktop.get(Texts.class).setLocale(Locale.SIMPLIFIED_CHINESE));
    desktop.settle();
    assertThat(sentence()).contains("物理地址");
  }

  @Test
  void eventThatIsClickedInTheTimeLineIsChosenInTheTable(FxRobot robot)
      throws IOException, InterruptedException {
    open(robot, file("trace.txt", TRACE));
    TraceLine line = node("trace-line", TraceLine.class);
    TableView<?> table = node("trace-table", TableView.class);
    assertThat(table.getItems()).hasSize(2);
    javafx.geometry.Bounds place = LabWindow.read(() -> line.localToScreen(line.getLayoutBounds()));
    robot.clickOn(place.getMaxX() - 14, place.getMinY() + 12);
    desktop.settle();
    assertThat(LabWindow.read(() -> table.getSelectionModel().getSelectedIndex())).isEqualTo(1);
    robot.interact(() -> node("trace-filter", TextField.class).setText("unmap nothing"));
    desktop.settle();
    assertThat(table.getItems()).isEmpty();
    robot.interact(() -> node("trace-filter", TextField.class).setText("unmap 5000"));
    desktop.settle();
    assertThat(table.getItems()).hasSize(1);
  }

  @Test
  void rangesAreAskedForInTheLanguageOfTheRangesPane(FxRobot robot)
      throws IOException, InterruptedException {
    open(robot, file("dmesg.txt", LOG), file("tables.txt", TABLES));
    TableView<?> ranges = node("case-ranges-table", TableView.class);
    TextField filter = node("case-ranges-filter", TextField.class);
    assertThat(ranges.getItems()).hasSize(1);
    robot.interact(() -> filter.setText("iova in ..1000"));
    assertThat(ranges.getItems()).isEmpty();
    robot.interact(() -> filter.setText("to = 1abc000 &&"));
    assertThat(node("case-ranges-problem", Label.class).getText()).isNotEmpty();
    assertThat(ranges.getItems()).as("what cannot be read changes nothing").isEmpty();
    robot.interact(() -> filter.setText("to = 1abc000 && w"));
    assertThat(ranges.getItems()).hasSize(1);
  }

  /** Pastes as a person does, and waits for what comes of it. */
  private void paste(FxRobot robot, String text) throws InterruptedException {
    changed(robot, () -> desktop.get(FileOpener.class).paste(text));
  }

  private void changed(FxRobot robot, Runnable deed) throws InterruptedException {
    CaseModel.Shown before = model().openedProperty().get();
    robot.interact(deed);
    for (int i = 0; i < 2000 && model().openedProperty().get() == before; i++) {
      desktop.settle();
    }
    assertThat(model().openedProperty().get()).isNotSameAs(before);
    desktop.settle();
    desktop.settle();
  }

  private void press(FxRobot robot, String id) throws InterruptedException {
    changed(
        robot,
        () -> {
          CaseRow row = node(id, CaseRow.class);
          row.requestFocus();
          row.executeAccessibleAction(AccessibleAction.FIRE);
        });
  }

  private String lines() {
    return node("case-log", ListView.class).getItems().toString();
  }

  @Test
  void logThatIsPastedAfterAnotherShowsItsOwnLines(FxRobot robot) throws InterruptedException {
    paste(robot, LOG);
    robot.interact(() -> model().leave());
    paste(robot, OTHER);
    assertThat(sentence()).contains("00:04.0");
    assertThat(lines()).contains("00:04.0").doesNotContain("00:03.0");
  }

  @Test
  void faultsOfEveryLogAreListedAndEachLogIsExplainedByItself(FxRobot robot)
      throws InterruptedException {
    paste(robot, LOG);
    paste(robot, OTHER);
    assertThat(sentence()).contains("00:03.0");
    assertThat(node("case-figures", Label.class).getText()).contains("faults 3");
    assertThat(desktop.get(Notices.class).currentProperty().get().text())
        .startsWith("pasted-1.txt: ");
    press(robot, "case-fault-00-04-0-7000");
    assertThat(sentence()).contains("00:04.0");
    assertThat(lines()).contains("00:04.0").doesNotContain("00:03.0");
    press(robot, "case-file-pasted-1-txt");
    assertThat(sentence()).contains("00:03.0");
    assertThat(lines()).contains("00:03.0").doesNotContain("00:04.0");
    robot.press(KeyCode.ESCAPE).release(KeyCode.ESCAPE);
    desktop.settle();
    assertThat(model().showingProperty().get()).isFalse();
  }
}
