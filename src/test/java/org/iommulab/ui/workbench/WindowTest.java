package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.view.part.LabPane;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/** A window on a real screen, in sizes that the off-screen platform cannot show. */
@Tag("window")
@OnScreen
class WindowTest {

  private static DesktopStage open(double width, double height) throws Exception {
    var desktop = new DesktopStage(width, height);
    desktop.open();
    return desktop;
  }

  @Test
  void aSmallWindowFoldsItsSidesAndKeepsTheCentre(FxRobot robot) throws Exception {
    DesktopStage desktop = open(1280, 800);
    assertThat(desktop.scene().lookup("#bench-rail")).isNotNull();
    assertThat(desktop.scene().lookup("#inspector-rail")).isNotNull();
    assertInside(desktop, "path-pane", "tree-pane", "calls-pane", "iotlb-pane", "status-bar");
  }

  @Test
  void aLargeWindowShowsBothSides(FxRobot robot) throws Exception {
    DesktopStage desktop = open(1900, 1000);
    assertInside(desktop, "bench-pane", "lesson-pane", "inspector-pane", "path-pane", "calls-pane");
  }

  @Test
  void everyPaneComesUpInARealWindow(FxRobot robot) throws Exception {
    DesktopStage desktop = open(1280, 800);
    for (LabPane pane : desktop.get(Workbench.class).panes()) {
      robot.interact(() -> desktop.get(Workbench.class).reveal(pane));
      desktop.settle();
      assertInside(desktop, pane.id() + "-pane");
    }
  }

  @Test
  void dividersFollowTheMouse(FxRobot robot) throws Exception {
    DesktopStage desktop = open(1600, 900);
    double before = bounds(desktop, "bench-pane").getWidth();
    robot.drag("#bench-line").dropBy(80, 0);
    desktop.settle();
    assertThat(bounds(desktop, "bench-pane").getWidth()).isGreaterThan(before + 40);
  }

  @Test
  void aFileDraggedFromAnotherWindowIsOpened(FxRobot robot, @TempDir Path folder) throws Exception {
    Path script = folder.resolve("dropped.jsonl");
    Files.writeString(script, "{\"op\":\"note\",\"text\":\"dropped\"}\n");
    DesktopStage desktop = open(1000, 700);
    var file = new Label("dropped.jsonl");
    file.setId("dragged-file");
    file.setOnDragDetected(
        event -> {
          var content = new ClipboardContent();
          content.putFiles(List.of(script.toFile()));
          file.startDragAndDrop(TransferMode.COPY).setContent(content);
          event.consume();
        });
    robot.interact(
        () -> {
          Window window = desktop.scene().getWindow();
          var source = new Stage();
          source.setScene(new Scene(new StackPane(file), 200, 80));
          source.setX(window.getX() + window.getWidth() + 20);
          source.setY(window.getY());
          source.show();
        });
    robot.drag("#dragged-file").dropTo("#tree-pane");
    WaitForAsyncUtils.waitFor(
        10,
        TimeUnit.SECONDS,
        () ->
            desktop.get(LabModel.class).facts().last().isEmpty()
                && desktop.get(LabModel.class).facts().commands() == 1);
    assertThat(desktop.get(LabModel.class).facts().commands()).isEqualTo(1);
  }

  private static void assertInside(DesktopStage desktop, String... ids) {
    for (String id : ids) {
      Bounds bounds = bounds(desktop, id);
      assertThat(bounds.getWidth()).as(id).isGreaterThan(40);
      assertThat(bounds.getMinX()).as(id).isGreaterThanOrEqualTo(-1);
      assertThat(bounds.getMaxX()).as(id).isLessThanOrEqualTo(desktop.scene().getWidth() + 1);
      assertThat(bounds.getMaxY()).as(id).isLessThanOrEqualTo(desktop.scene().getHeight() + 1);
    }
  }

  private static Bounds bounds(DesktopStage desktop, String id) {
    Node node = desktop.scene().lookup("#" + id);
    assertThat(node).as("#" + id).isNotNull();
    return node.localToScene(node.getLayoutBounds());
  }
}
