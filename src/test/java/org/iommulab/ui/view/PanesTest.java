package org.iommulab.ui.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.busy.FxThread;
import org.iommulab.ui.view.part.LabDouble;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** Each pane in a window of its own, with a real laboratory below it. */
@OnScreen
class PanesTest {

  private final LabDouble lab = LabDouble.after(WorkedExample.setUp());
  private Injector injector;
  private Stage stage;
  private LabPane shown;

  @Start
  void start(Stage window) {
    stage = window;
    injector =
        Guice.createInjector(
            new ViewsModule(),
            new AbstractModule() {
              @Override
              protected void configure() {
                bind(org.iommulab.lab.LabSession.class).toInstance(lab.session());
                bind(Executor.class).annotatedWith(FxThread.class).toInstance(Platform::runLater);
                bind(Texts.class).toInstance(new Texts(Locale.ENGLISH));
              }
            });
    stage.setScene(new Scene(new javafx.scene.layout.StackPane(), 960, 560));
    injector.getInstance(Theme.class).dress(stage.getScene());
    stage.show();
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private void open(String id) {
    Set<LabPane> panes = injector.getInstance(Key.get(new TypeLiteral<Set<LabPane>>() {}));
    shown = panes.stream().filter(pane -> pane.id().equals(id)).findFirst().orElseThrow();
    WaitForAsyncUtils.asyncFx(
        () -> {
          Parent content = (Parent) shown.node();
          stage.getScene().setRoot(content);
          shown.shown(true);
          return null;
        });
    quiet();
  }

  /** Waits until the laboratory and the JavaFX thread have nothing left to do. */
  private void quiet() {
    for (int i = 0; i < 3; i++) {
      lab.ask(view -> 0);
      WaitForAsyncUtils.waitForFxEvents();
    }
  }

  private void run(Command command) {
    lab.run(command);
    quiet();
  }

  private static void until(BooleanSupplier holds) {
    try {
      WaitForAsyncUtils.waitFor(10, TimeUnit.SECONDS, holds::getAsBoolean);
    } catch (TimeoutException e) {
      throw new AssertionError("did not happen within ten seconds", e);
    }
  }

  private void select(Selected thing) {
    WaitForAsyncUtils.asyncFx(() -> injector.getInstance(Selection.class).select(thing));
    quiet();
  }

  private Selected selected() {
    return injector.getInstance(Selection.class).get();
  }

  private static boolean there(FxRobot robot, String id) {
    return robot.lookup(id).tryQuery().filter(Node::isVisible).isPresent();
  }

  private static String text(FxRobot robot, String id) {
    return robot.lookup(id).<Labeled>queryAs(Labeled.class).getText();
  }

  @Test
  void clickOnATreeRowSelectsItsEntry(FxRobot robot) {
    open("tree");
    until(() -> there(robot, "#tree-row-10a002010"));
    robot.clickOn("#tree-cell-10a002010-iova");
    assertThat(selected())
        .isInstanceOfSatisfying(
            Selected.Entry.class,
            entry -> assertThat(entry.address()).isEqualTo(WorkedExample.LARGE_LEAF));
    assertThat(shown.figures().getValue()).isEqualTo("domain 21 · 514 pages in 3 ranges");
  }

  @Test
  void arrowAndKeyCloseABranch(FxRobot robot) {
    open("tree");
    until(() -> there(robot, "#tree-row-10a002008"));
    robot.clickOn("#tree-arrow-10a002008");
    until(() -> !there(robot, "#tree-row-10a003ff8"));
    robot.clickOn("#tree-cell-10a001020-iova").type(KeyCode.LEFT);
    until(() -> !there(robot, "#tree-row-10a002010"));
    robot.type(KeyCode.RIGHT);
    until(() -> there(robot, "#tree-row-10a002010"));
  }

  @Test
  void typedAddressIsGoneTo(FxRobot robot) {
    open("tree");
    until(() -> there(robot, "#tree-row-10a000000"));
    robot.clickOn("#tree-goto").write("1_0060_0000").type(KeyCode.ENTER);
    until(() -> there(robot, "#tree-crumb-0-4-3-0"));
  }

  @Test
  void whatTheLastCommandChangedIsSaidInTheHeader(FxRobot robot) {
    open("tree");
    run(WorkedExample.clearLargeLeaf());
    until(() -> !there(robot, "#tree-row-10a002010"));
    assertThat(shown.badges())
        .extracting(LabPane.Badge::text)
        .containsExactly("1 entry changed by the last command");
  }

  @Test
  void pathShowsEachStageAndStepsThroughThem(FxRobot robot) {
    open("path");
    run(WorkedExample.write());
    until(() -> there(robot, "#path-stage-memory"));
    assertThat(text(robot, "#path-outcome")).isEqualTo("✓ done → 1_800A_BCDE");
    robot.clickOn("#path-step");
    until(() -> selected().equals(new Selected.Stage(0)));
    robot.clickOn("#path-step").clickOn("#path-step").clickOn("#path-step");
    until(() -> selected() instanceof Selected.Entry);
  }

  @Test
  void iotlbShowsFilledThenStale(FxRobot robot) {
    open("iotlb");
    run(WorkedExample.write());
    until(() -> robot.lookup(".cache-way.filled").tryQuery().isPresent());
    run(WorkedExample.clearLargeLeaf());
    until(() -> robot.lookup(".cache-way.stale").tryQuery().isPresent());
    assertThat(shown.badges()).extracting(LabPane.Badge::text).containsExactly("✕ 1 stale");
    robot.clickOn(".cache-way.stale");
    assertThat(selected()).isInstanceOf(Selected.Cached.class);
  }

  @Test
  void cacheChosenInTheOverviewIsShownBesideIt(FxRobot robot) {
    open("caches");
    run(WorkedExample.write());
    until(() -> robot.lookup("#context-cache-grid").tryQuery().isPresent());
    robot.clickOn("#caches-cell-iotlb-cache");
    until(
        () ->
            robot.lookup("#caches-iotlb-grid").lookup(".cache-way.filled").tryQuery().isPresent());
    robot.clickOn("#caches-cell-paging-structure-cache");
    until(() -> robot.lookup("#paging-cache-table").tryQuery().isPresent());
  }

  @Test
  void partOfTheKernelIsChosenInItsList(FxRobot robot) {
    open("kernel");
    lab.run(new Command.StartMachine(java.util.Map.of("board", "laboratory")));
    run(new Command.LinuxBoot("intel_iommu=on", "classic", null));
    until(() -> there(robot, "#kernel-reasons-row-driver"));
    for (String part : List.of("iova", "flush", "swiotlb", "tables", "dma")) {
      robot.clickOn("#kernel-cell-" + part + "-part");
      quiet();
    }
    until(() -> there(robot, "#kernel-devices-table"));
  }

  @Test
  void logSaysHowManyLinesTheRateLimitHeldBack() {
    open("dmesg");
    lab.run(new Command.StartMachine(java.util.Map.of("board", "laboratory")));
    run(new Command.LinuxBoot("intel_iommu=on", "classic", null));
    until(() -> shown.figures().getValue().endsWith(" lines · no fault"));
    for (int i = 0; i < 8; i++) {
      run(new Command.DmaWrite("nic", 0x1000, Bytes.of((byte) 1)));
    }
    until(
        () -> shown.figures().getValue().endsWith("3 faults · 9 more held back by the rate limit"));
  }

  @Test
  void mapZoomsByMouseAndKeyboard(FxRobot robot) {
    open("map");
    until(() -> there(robot, "#map-cell-2"));
    robot.clickOn("#map-cell-2");
    assertThat(selected())
        .isInstanceOfSatisfying(
            Selected.Entry.class,
            entry -> assertThat(entry.address()).isEqualTo(WorkedExample.LARGE_LEAF));
    robot.doubleClickOn("#map-cell-3");
    until(() -> there(robot, "#map-crumb-3"));
    robot.clickOn("#map-cell-0").type(KeyCode.BACK_SPACE);
    until(() -> !there(robot, "#map-crumb-3"));
    robot.clickOn("#map-goto").write("1_003F_F000").type(KeyCode.ENTER);
    until(() -> there(robot, "#map-crumb-3"));
  }

  @Test
  void editedBitsAreWrittenByACommandOfTheJournal(FxRobot robot) {
    open("inspector");
    select(new Selected.Entry(WorkedExample.LARGE_LEAF, SecondStageEntry.LEAF_2M, "PD [2]"));
    until(() -> there(robot, "#inspector-edit"));
    assertThat(text(robot, "#inspector-quadword-0")).isEqualTo("0000_0001_8000_0883");
    robot.clickOn("#inspector-edit").clickOn("#inspector-bit-1").clickOn("#inspector-write");
    until(() -> lab.ask(view -> view.memory().readQword(WorkedExample.LARGE_LEAF)) == 0x180000881L);
    JournalEntry last = lab.ask(view -> view.last().orElseThrow());
    assertThat(last.command().op()).isEqualTo("mem.write");
    until(() -> text(robot, "#inspector-quadword-0").equals("0000_0001_8000_0881"));
  }

  @Test
  void inspectorSuggestsAnEntryBeforeAnythingIsChosen(FxRobot robot) {
    open("inspector");
    until(() -> there(robot, "#inspector-bits"));
    assertThat(shown.figures().getValue()).isEqualTo("GSTS");
    run(WorkedExample.write());
    until(() -> shown.figures().getValue().equals("PD [2]"));
  }

  @Test
  void whoElseMapsAFrameIsAnsweredWithAddresses(FxRobot robot) {
    open("inspector");
    select(new Selected.Entry(WorkedExample.LARGE_LEAF, SecondStageEntry.LEAF_2M, "PD [2]"));
    until(() -> there(robot, "#inspector-who"));
    robot.clickOn("#inspector-who");
    until(() -> there(robot, "#inspector-use-21-100400000"));
  }

  @Test
  void registerIsFoundByNameAndSelected(FxRobot robot) {
    open("registers");
    until(() -> there(robot, "#registers-row-gsts"));
    robot.clickOn("#registers-filter").write("rtaddr");
    until(() -> !there(robot, "#registers-row-gsts"));
    robot.clickOn("#registers-cell-rtaddr-value");
    assertThat(selected()).isEqualTo(new Selected.Register(0, "RTADDR"));
  }

  @Test
  void faultIsListedAndCountedOnTheTab(FxRobot robot) {
    open("faults");
    run(WorkedExample.strayWrite());
    until(() -> there(robot, "#faults-row-0"));
    assertThat(shown.badges()).extracting(LabPane.Badge::text).containsExactly("1 waiting");
  }

  @Test
  void contextEntriesAreListedByRequester(FxRobot robot) {
    open("context");
    until(() -> there(robot, "#context-row-ctx-0018"));
    robot.clickOn("#context-cell-ctx-0018-device");
    assertThat(selected()).isInstanceOf(Selected.Entry.class);
  }

  @Test
  void memoryGoesToTheSelectedEntry(FxRobot robot) {
    open("memory");
    select(new Selected.Entry(WorkedExample.LARGE_LEAF, SecondStageEntry.LEAF_2M, "PD [2]"));
    until(() -> there(robot, "#memory-row-10a002000"));
    assertThat(shown.figures().getValue()).isEqualTo("PD of domain 21, from IOVA 1_0000_0000");
  }

  @Test
  void callsOfABootAreShownAsATree(FxRobot robot) {
    open("calls");
    lab.run(new Command.StartMachine(java.util.Map.of()));
    run(new Command.LinuxBoot("intel_iommu=on", "classic", null));
    until(() -> there(robot, "#calls-row-0"));
  }

  @Test
  void languageChangesWhileThePaneIsOpen(FxRobot robot) {
    open("tree");
    until(() -> there(robot, "#tree-row-10a002010"));
    WaitForAsyncUtils.asyncFx(
        () -> injector.getInstance(Texts.class).setLocale(Locale.SIMPLIFIED_CHINESE));
    until(() -> shown.figures().getValue().startsWith("域 21"));
  }

  @Test
  void everyPaneShowsAnEmptyLaboratoryWithoutComplaint() {
    lab.run(new Command.StartMachine(java.util.Map.of()));
    Set<LabPane> panes = injector.getInstance(Key.get(new TypeLiteral<Set<LabPane>>() {}));
    var mistakes = new java.util.concurrent.CopyOnWriteArrayList<Throwable>();
    injector.getInstance(LabModel.class).setOnMistake(mistakes::add);
    for (LabPane pane : panes) {
      open(pane.id());
    }
    assertThat(mistakes).isEmpty();
  }
}
