package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import org.iommulab.course.Lessons;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.Faces;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.file.FileOpener;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.learn.Shelf;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.stage.StageModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/** What the window has to say is seen and answered whatever is in front. */
@OnScreen
class MessagesTest {

  private static final String LOG =
      "[    0.5] DMAR: Host address width 39\n[    0.6] DMAR: IOMMU enabled\n";

  @RegisterExtension final DesktopStage desktop = new DesktopStage(980, 900);

  /** The faces by the id of their content, and how each comes to the front. */
  private Map<String, Runnable> faces() {
    var openables = desktop.get(Openables.class);
    List<Shelf> shelves = openables.shelves().stream().toList();
    return Map.of(
        "learn",
        () -> desktop.get(LearnModel.class).open(),
        "stage",
        () -> desktop.get(StageModel.class).begin(Lessons.course().getFirst()),
        "case",
        () -> desktop.get(FileOpener.class).paste(LOG),
        shelves.getFirst().kindKey(),
        () -> openables.on(shelves.getFirst()).getFirst().open().run(),
        shelves.getLast().kindKey(),
        () -> openables.on(shelves.getLast()).getFirst().open().run());
  }

  private Node front() {
    return LabWindow.read(
        () -> Objects.requireNonNull(desktop.get(Faces.class).frontProperty().get()).node());
  }

  private void bringToFront(FxRobot robot, Runnable face) throws Exception {
    robot.interact(() -> desktop.get(Faces.class).leave());
    robot.interact(face);
    WaitForAsyncUtils.waitFor(
        60,
        java.util.concurrent.TimeUnit.SECONDS,
        () -> LabWindow.read(() -> desktop.get(Faces.class).frontProperty().get() != null));
    desktop.settle();
  }

  private void ask(FxRobot robot, List<String> decided) {
    robot.interact(
        () ->
            desktop
                .get(Notices.class)
                .ask(
                    Role.WARN,
                    () -> desktop.get(Texts.class).get("recovery.offer", 7),
                    new Notices.Offer("recovery.restore", () -> decided.add("yes")),
                    new Notices.Offer("recovery.discard", () -> decided.add("no"))));
    desktop.settle();
  }

  private Bounds bounds(Node node) {
    return LabWindow.read(() -> node.localToScene(node.getLayoutBounds()));
  }

  @Test
  void everyFaceShowsMessagesAboveItself(FxRobot robot) throws Exception {
    int turn = 0;
    for (var face : faces().entrySet()) {
      bringToFront(robot, face.getValue());
      Theme.Choice theme = Theme.Choice.values()[turn % Theme.Choice.values().length];
      double scale = List.of(0.7, 1.0, 1.4).get(turn++ % 3);
      robot.interact(() -> desktop.get(Theme.class).choiceProperty().set(theme));
      robot.interact(() -> desktop.get(Theme.class).scaleProperty().set(scale));
      var decided = new ArrayList<String>();
      ask(robot, decided);
      Node text = desktop.scene().lookup("#message-text");
      Bounds said = bounds(desktop.scene().lookup("#message-bar"));
      String of = face.getKey() + " " + said + " " + bounds(front());
      assertThat(LabWindow.read(() -> text.isVisible() && said.getMinY() >= 0)).as(of).isTrue();
      assertThat(said.getMaxX()).as(of).isLessThanOrEqualTo(desktop.scene().getWidth());
      Bounds top =
          bounds(LabWindow.read(() -> front().lookupAll(".label").iterator().next().getParent()));
      assertThat(top.getMinY()).as(of).isGreaterThanOrEqualTo(said.getMaxY() - 1);
      robot.type(KeyCode.F4);
      robot.type(KeyCode.SPACE);
      desktop.settle();
      assertThat(decided).as(of).containsExactly("yes");
      Node owner = LabWindow.read(() -> desktop.scene().getFocusOwner());
      assertThat(LabWindow.read(() -> isIn(front(), owner))).as(of + " " + owner).isTrue();
      robot.interact(() -> desktop.get(Theme.class).scaleProperty().set(1));
    }
  }

  private static boolean isIn(Node area, Node node) {
    for (Node each = node; each != null; each = each.getParent()) {
      if (each == area) {
        return true;
      }
    }
    return false;
  }

  @Test
  void messagesFollowTheLanguage(FxRobot robot) {
    ask(robot, new ArrayList<>());
    var text = (Label) desktop.scene().lookup("#message-text");
    assertThat(LabWindow.read(text::getText)).contains("7 commands");
    robot.interact(() -> desktop.get(Texts.class).setLocale(Locale.SIMPLIFIED_CHINESE));
    assertThat(LabWindow.read(text::getText)).contains("7 条命令");
  }

  @Test
  void whatIsOpenedForTheWorkbenchBringsItToTheFront(FxRobot robot) throws Exception {
    Openables openables = desktop.get(Openables.class);
    for (var face : faces().entrySet()) {
      bringToFront(robot, face.getValue());
      robot.interact(() -> openables.presets().get(2).open().run());
      desktop.settle();
      assertThat(LabWindow.read(() -> desktop.get(Workbench.class).sessionTitle().getValue()))
          .as(face.getKey())
          .contains(openables.presets().get(2).name().get());
      bringToFront(robot, face.getValue());
      robot.interact(() -> desktop.get(Actions.class).get("show-registers").run());
      desktop.settle();
      assertThat(desktop.scene().lookup("#registers-pane").isVisible()).as(face.getKey()).isTrue();
      assertThat(desktop.get(PresetPlayer.class).playingProperty().get()).isFalse();
    }
  }

  @Test
  void theWindowSaysWhatItIsAndUnderWhichLicence(FxRobot robot) {
    robot.interact(() -> desktop.get(Actions.class).get("about").run());
    desktop.settle();
    assertThat(((Label) desktop.scene().lookup("#about-version")).getText())
        .matches("Version \\S.*");
    assertThat(((Label) desktop.scene().lookup("#about-licence")).getText())
        .contains("Apache License, version 2.0");
  }
}
