package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.controlsfx.control.NotificationPane;
import org.iommulab.evidence.Sample;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.language.Command;
import org.iommulab.progress.Progress;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.busy.Work;
import org.iommulab.ui.file.Recovery;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Settings;
import org.iommulab.ui.view.part.LabPane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/** The real scene, driven as a person would. */
@OnScreen
class WorkbenchTest {

  @RegisterExtension final DesktopStage desktop = new DesktopStage(980, 900);

  private <T extends Node> T find(String id, Class<T> type) {
    Node node = desktop.scene().lookup("#" + id);
    assertThat(node).as("#" + id).isInstanceOf(type);
    return type.cast(node);
  }

  @Test
  void everyActionHasWordsInBothLanguages() {
    var texts = desktop.get(Texts.class);
    for (Locale language : Texts.LANGUAGES) {
      var words = new Texts(language);
      for (Action action : desktop.get(Actions.class).all()) {
        assertThat(words.has(action.textKey())).as(action.id()).isTrue();
        assertThat(words.has(action.checkedTextKey())).as(action.id()).isTrue();
        String reason = action.blocked().getValue();
        assertThat(reason.isEmpty() || words.has(reason)).as(reason).isTrue();
      }
    }
    assertThat(texts.locale()).isEqualTo(Locale.ENGLISH);
  }

  @Test
  void everyPaneShowsItsNodeAndNoTextIsMissing(FxRobot robot) {
    for (LabPane pane : desktop.get(Workbench.class).panes()) {
      robot.interact(() -> desktop.get(Workbench.class).reveal(pane));
      desktop.settle();
      assertThat(desktop.scene().lookup("#" + pane.id() + "-pane")).as(pane.id()).isNotNull();
    }
    for (Locale language : List.of(Locale.SIMPLIFIED_CHINESE, Locale.ENGLISH)) {
      robot.interact(() -> desktop.get(Texts.class).setLocale(language));
      desktop.settle();
      assertThat(LabWindow.read(() -> texts(desktop.scene().getRoot())))
          .noneMatch(text -> text.contains("‹"));
    }
  }

  /** A pane that was a tab while there was little room goes on answering beside the others. */
  @Test
  void paneFollowsThroughEverySizeOfTheWindow(FxRobot robot) {
    LabPane inspector = pane("inspector");
    desktop.settle();
    robot.interact(() -> desktop.get(Workbench.class).node().resize(600, 340));
    desktop.settle();
    robot.interact(() -> desktop.get(Workbench.class).reveal(inspector));
    desktop.settle();
    robot.interact(() -> desktop.get(Workbench.class).node().resize(1600, 900));
    desktop.settle();
    String before = inspector.figures().getValue();
    robot.interact(() -> desktop.get(PresetPlayer.class).step());
    desktop.settle();
    assertThat(inspector.figures().getValue()).isNotEmpty();
    robot.interact(() -> desktop.get(Selection.class).select(new Selected.Register(0, "RTADDR")));
    desktop.settle();
    assertThat(inspector.figures().getValue()).isEqualTo("RTADDR").isNotEqualTo(before);
  }

  private LabPane pane(String id) {
    return desktop.get(Workbench.class).panes().stream()
        .filter(pane -> pane.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> texts(Parent parent) {
    var texts = new ArrayList<String>();
    for (Node node : parent.getChildrenUnmodifiable()) {
      if (node instanceof Labeled labeled && labeled.getText() != null) {
        texts.add(labeled.getText());
      }
      if (node instanceof Parent inner) {
        texts.addAll(texts(inner));
      }
    }
    return texts;
  }

  @Test
  void stepGoesOnAndStepBackReturns(FxRobot robot) {
    var player = desktop.get(PresetPlayer.class);
    int done = player.progress().done();
    robot.clickOn("#step-button");
    desktop.settle();
    assertThat(player.progress().done()).isEqualTo(done + 1);
    robot.clickOn("#step-back-button");
    desktop.settle();
    assertThat(player.progress().done()).isEqualTo(done);
  }

  @Test
  void theLessonFollowsTheSteps(FxRobot robot) {
    robot.clickOn("#bench-rail");
    robot.clickOn("#step-button");
    desktop.settle();
    var step = desktop.get(PresetPlayer.class).progress().current().orElseThrow();
    assertThat(texts((Parent) desktop.scene().lookup("#lesson-pane")))
        .contains(step.title().in("en"));
  }

  @Test
  void theToolbarHasOneRowWhereThereIsRoom(FxRobot robot) {
    robot.interact(() -> desktop.get(Theme.class).scaleProperty().set(Theme.MIN_SCALE));
    desktop.settle();
    assertThat(find("tool-bar", Parent.class).getLayoutBounds().getHeight()).isLessThan(45);
  }

  @Test
  void undoAndRedoWorkByKeyboard(FxRobot robot) {
    var model = desktop.get(LabModel.class);
    int position = model.facts().position();
    robot.press(KeyCode.CONTROL, KeyCode.Z).release(KeyCode.Z, KeyCode.CONTROL);
    desktop.settle();
    assertThat(model.facts().position()).isLessThan(position);
    robot
        .press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.Z)
        .release(KeyCode.Z, KeyCode.SHIFT, KeyCode.CONTROL);
    desktop.settle();
    assertThat(model.facts().position()).isEqualTo(position);
  }

  @Test
  void whatCannotBeDoneIsDisabled(FxRobot robot) {
    assertThat(find("redo-button", Button.class).isDisabled()).isTrue();
    assertThat(find("undo-button", Button.class).isDisabled()).isFalse();
  }

  @Test
  void thePaletteFindsAndDoes(FxRobot robot) {
    robot
        .press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.P)
        .release(KeyCode.P, KeyCode.SHIFT, KeyCode.CONTROL);
    desktop.settle();
    robot.write("high contrast");
    desktop.settle();
    assertThat(find("palette-list", ListView.class).getItems()).hasSize(2);
    robot.type(KeyCode.ENTER);
    desktop.settle();
    assertThat(desktop.get(Theme.class).choiceProperty().get()).isEqualTo(Theme.Choice.CONTRAST);
    assertThat(desktop.scene().lookup("#palette")).isNull();
  }

  @Test
  void thePaletteKnowsDevicesAndAddresses(FxRobot robot) {
    robot.clickOn("#palette-button");
    desktop.settle();
    robot.write("1004abcde");
    desktop.settle();
    assertThat(find("palette-list", ListView.class).getItems().toString())
        .contains("1_004A_BCDE")
        .contains("00:03.0");
    robot.type(KeyCode.ESCAPE);
    desktop.settle();
    assertThat(desktop.scene().lookup("#palette")).isNull();
  }

  @Test
  void theConsoleTakesALineAndExplainsAWrongOne(FxRobot robot) {
    robot.clickOn("#journal-tab");
    desktop.settle();
    int position = desktop.get(LabModel.class).facts().position();
    robot.interact(
        () -> find("console-line", TextField.class).setText("{\"op\":\"note\",\"text\":\"hi\"}"));
    robot.clickOn("#console-run");
    desktop.settle();
    assertThat(desktop.get(LabModel.class).facts().position()).isEqualTo(position + 1);
    robot.interact(() -> find("console-line", TextField.class).setText("{\"op\":\"nota\"}"));
    robot.clickOn("#console-run");
    desktop.settle();
    assertThat(find("console-problem", Label.class).getText()).contains("nota");
  }

  @Test
  void aFormShowsItsCommandAndGivesIt(FxRobot robot) {
    robot.clickOn("#send-dma-button");
    desktop.settle();
    assertThat(find("send-dma-script", Label.class).getText()).contains("dma.write");
    robot.clickOn("#send-dma-give");
    desktop.settle();
    assertThat(desktop.get(LabModel.class).facts().last().orElseThrow().command().op())
        .isEqualTo("dma.write");
    assertThat(find("status-command", Button.class).getText()).contains("dma.write");
    robot.clickOn("#send-dma-close");
    desktop.settle();
    assertThat(desktop.scene().lookup("#send-dma-form")).isNull();
  }

  @Test
  void aMessageStaysUntilDismissed(FxRobot robot) {
    robot.interact(() -> desktop.get(Notices.class).tell(Role.BAD, "The file is damaged."));
    assertThat(find("message-text", Label.class).getText()).isEqualTo("The file is damaged.");
    assertThat(find("messages", NotificationPane.class).isShowing()).isTrue();
    robot.interact(() -> find("message-dismiss", Button.class).fire());
    assertThat(find("messages", NotificationPane.class).isShowing()).isFalse();
  }

  @Test
  void longWorkShowsItselfAndCanBeCancelled(FxRobot robot) throws TimeoutException {
    var goOn = new CountDownLatch(1);
    LabModel model = desktop.get(LabModel.class);
    int before = model.facts().commands();
    robot.interact(
        () ->
            model.change(
                Work.named("work.script", "long.jsonl"),
                lab -> {
                  lab.execute(new Command.Note("half"));
                  awaitQuietly(goOn);
                  Progress.report(1, 2);
                  return true;
                },
                done -> {}));
    WaitForAsyncUtils.waitFor(
        60, TimeUnit.SECONDS, () -> LabWindow.read(() -> !cancelButton().isDisabled()));
    Node card = find("work-card", Node.class);
    assertThat(card.isVisible()).isTrue();
    robot.interact(() -> desktop.get(Texts.class).setLocale(Locale.SIMPLIFIED_CHINESE));
    assertThat(cancelButton().getText()).isEqualTo("取消");
    robot.interact(() -> cancelButton().fire());
    assertThat(card.isVisible()).isFalse();
    // What lies under its place is clicked as ever.
    assertThat(card.getParent().contains(1, 1)).isFalse();
    goOn.countDown();
    desktop.settle();
    assertThat(model.facts().commands()).isEqualTo(before);
    assertThat(find("message-text", Label.class).getText()).contains("long.jsonl");
  }

  private Button cancelButton() {
    if (desktop.scene().lookup("#work-cancel") instanceof Button cancel) {
      return cancel;
    }
    var none = new Button();
    none.setDisable(true);
    return none;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void thePaletteGroupsWhatItFinds(FxRobot robot) {
    robot.clickOn("#palette-button");
    desktop.settle();
    var model = desktop.get(PaletteModel.class);
    assertThat(groups(model.find("te")))
        .containsSubsequence(
            PaletteModel.Group.COMMANDS, PaletteModel.Group.FUNCTIONS, PaletteModel.Group.FIELDS);
    assertThat(groups(model.find("GSTS.TES"))).containsExactly(PaletteModel.Group.FIELDS);
    assertThat(groups(model.find("vfio_dma_map()"))).contains(PaletteModel.Group.FUNCTIONS);
    assertThat(groups(model.find("RTADDR"))).contains(PaletteModel.Group.REGISTERS);
    robot.write("GSTS.TES");
    desktop.settle();
    robot.type(KeyCode.ENTER);
    desktop.settle();
    assertThat(desktop.get(Selection.class).get()).isEqualTo(new Selected.Register(0, "GSTS"));
  }

  @Test
  void thePaletteFindsBrokenDriversByTheNameOfTheirKind() {
    var model = desktop.get(PaletteModel.class);
    LabWindow.read(
        () -> {
          model.lookAround();
          return true;
        });
    for (String typed : List.of("break", "mend", "修好")) {
      assertThat(details(model.find(typed))).as(typed).contains("Break it, mend it");
    }
    assertThat(details(model.find("exercise"))).contains("Exercise");
  }

  private static List<String> details(List<PaletteModel.Line> lines) {
    return lines.stream()
        .filter(PaletteModel.Entry.class::isInstance)
        .map(line -> ((PaletteModel.Entry) line).detail())
        .toList();
  }

  private static List<PaletteModel.Group> groups(List<PaletteModel.Line> lines) {
    return lines.stream()
        .filter(PaletteModel.Heading.class::isInstance)
        .map(line -> ((PaletteModel.Heading) line).group())
        .toList();
  }

  @Test
  void aFunctionFoundInThePaletteOpensItsForm(FxRobot robot) {
    robot.clickOn("#palette-button");
    desktop.settle();
    robot.write("iommu_map()");
    desktop.settle();
    robot.type(KeyCode.ENTER);
    desktop.settle();
    assertThat(find("word-call-form", Node.class).isVisible()).isTrue();
    assertThat(find("word-call-fn-field", ComboBox.class).getValue().toString())
        .contains("iommu_map");
  }

  @Test
  void keysAreChangedInTheListOfShortcutsAndAConflictIsRefused(FxRobot robot) {
    robot.interact(() -> desktop.get(Actions.class).get("shortcuts").run());
    robot.clickOn("#shortcuts-query").write("step back");
    desktop.settle();
    robot.clickOn("#shortcut-step-back-change");
    robot.press(KeyCode.CONTROL, KeyCode.Z).release(KeyCode.Z, KeyCode.CONTROL);
    assertThat(find("shortcuts-problem", Label.class).getText()).contains("Ctrl+Z", "Undo");
    robot.press(KeyCode.CONTROL, KeyCode.K).release(KeyCode.K, KeyCode.CONTROL);
    assertThat(find("shortcuts-problem", Label.class).getText()).isEmpty();
    assertThat(desktop.get(Actions.class).get("step-back").shortcutText()).isEqualTo("Ctrl+K");
    robot.clickOn("#shortcut-step-back-ordinary");
    assertThat(desktop.get(Actions.class).get("step-back").hasOrdinaryShortcut()).isTrue();
  }

  @Test
  void preferencesTakeEffectAtOnce(FxRobot robot) {
    robot.interact(() -> desktop.get(Actions.class).get("preferences").run());
    desktop.settle();
    robot.interact(() -> choose("preference-scale", 1.4));
    robot.interact(() -> choose("preference-theme", Theme.Choice.DARK));
    robot.interact(() -> choose("preference-language", Locale.SIMPLIFIED_CHINESE));
    desktop.settle();
    assertThat(desktop.get(Theme.class).scaleProperty().get()).isEqualTo(1.4);
    assertThat(desktop.get(Theme.class).choiceProperty().get()).isEqualTo(Theme.Choice.DARK);
    assertThat(desktop.get(Texts.class).locale()).isEqualTo(Locale.SIMPLIFIED_CHINESE);
    assertThat(desktop.get(Settings.class).number("scale", 0)).isEqualTo(1.4);
    robot.interact(() -> find("preference-recovery", CheckBox.class).fire());
    assertThat(Recovery.isKept(desktop.get(Settings.class))).isFalse();
  }

  @SuppressWarnings("unchecked")
  private <T> void choose(String id, T value) {
    ((ComboBox<T>) find(id, ComboBox.class)).setValue(value);
  }

  @Test
  void aDumpHasNoDeadButtonsInTheToolbar(FxRobot robot) {
    robot.interact(
        () ->
            desktop
                .get(LabModel.class)
                .change(
                    lab -> {
                      lab.open((Snapshot) Sample.SMALL.open());
                      return true;
                    },
                    done -> {}));
    desktop.settle();
    assertThat(toolbar()).contains("open-button", "fork-button").doesNotContain("map-button");
    robot.interact(() -> find("fork-button", Button.class).fire());
    desktop.settle();
    assertThat(toolbar()).contains("map-button", "step-button").doesNotContain("fork-button");
  }

  /** Ids of the buttons that the toolbar shows. */
  private List<String> toolbar() {
    return LabWindow.read(
        () ->
            find("tool-bar", Node.class).lookupAll(".button").stream()
                .filter(each -> each.getParent().isVisible())
                .map(Node::getId)
                .toList());
  }

  @Test
  void inANarrowWindowTheSidesFoldToRails(FxRobot robot) {
    assertThat(desktop.scene().lookup("#bench-tree")).isNull();
    robot.clickOn("#bench-rail");
    desktop.settle();
    assertThat(desktop.scene().lookup("#bench-tree")).isNotNull();
  }

  @Test
  void largeTextLeavesTheToolbarWhole(FxRobot robot) {
    robot.interact(() -> desktop.get(Theme.class).scaleProperty().set(Theme.MAX_SCALE));
    desktop.settle();
    var step = find("step-button", Button.class);
    assertThat(step.getHeight()).isGreaterThan(30);
    assertThat(step.getParent().getParent().getLayoutBounds().getHeight())
        .isGreaterThanOrEqualTo(step.getHeight());
  }

  @Test
  void nothingMovesWhenAPathOrATagComesOrGoes(FxRobot robot) {
    double below = top("tree-pane");
    double faults = left("faults-tab");
    String path = find("path-request", Label.class).getText();
    assertThat(path).contains("writes");
    robot.interact(() -> desktop.get(LabModel.class).rewind(0));
    desktop.settle();
    assertThat(
            find("path-request", Label.class).isVisible()
                && find("path-request", Label.class).getParent().isVisible())
        .isFalse();
    assertThat(top("tree-pane")).isEqualTo(below);
    assertThat(left("faults-tab")).isEqualTo(faults);
    for (LabPane pane : desktop.get(Workbench.class).panes()) {
      if (pane.place() != LabPane.Place.BENCH && pane.place() != LabPane.Place.INSPECTOR) {
        assertThat(pane.badges()).as(pane.id()).noneMatch(badge -> badge.role() != Role.MUTED);
      }
    }
  }

  private double top(String id) {
    Node node = find(id, Node.class);
    return node.localToScene(node.getBoundsInLocal()).getMinY();
  }

  private double left(String id) {
    Node node = find(id, Node.class);
    return node.localToScene(node.getLayoutBounds()).getMinX();
  }
}
