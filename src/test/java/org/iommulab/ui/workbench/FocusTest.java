package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Background;
import javafx.scene.layout.BackgroundFill;
import javafx.scene.layout.Border;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Theme;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.view.part.LabPane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;

/** Wherever Tab goes, a frame of two pixels shows where the keyboard is. */
@OnScreen
class FocusTest {

  /** More stops than any of the arrangements has. */
  private static final int MOST_STOPS = 150;

  @RegisterExtension final DesktopStage desktop = new DesktopStage(1280, 800);

  @Test
  void tabAlwaysMovesAFrameOfTwoPixels(FxRobot robot) {
    desktop.settle();
    var unseen = new TreeSet<String>();
    for (LabPane pane : desktop.get(Workbench.class).panes()) {
      robot.interact(() -> desktop.get(Workbench.class).reveal(pane));
      desktop.settle();
      robot.interact(
          () -> {
            if (pane.node() instanceof Parent parent) {
              firstStop(parent).ifPresent(Node::requestFocus);
            }
          });
      unseen.addAll(walk(robot, 5));
    }
    assertThat(unseen).isEmpty();
  }

  @Test
  void theWayThroughTheWindowComesBackToItsBeginning(FxRobot robot) {
    desktop.settle();
    robot.interact(() -> desktop.scene().getRoot().requestFocus());
    var way = new LinkedHashSet<Node>();
    for (int i = 0; i < MOST_STOPS; i++) {
      press(robot);
      if (!way.add(desktop.scene().getFocusOwner())) {
        break;
      }
    }
    assertThat(way).hasSizeBetween(20, MOST_STOPS - 1);
    assertThat(way).allMatch(this::isInSight);
  }

  @Test
  void formsAndCardsShowTheirFocusInEveryTheme(FxRobot robot) {
    var unseen = new TreeSet<String>();
    List<Theme.Choice> themes =
        List.of(Theme.Choice.LIGHT, Theme.Choice.DARK, Theme.Choice.CONTRAST);
    List<String> cards = List.of("map", "send-dma", "invalidate", "preferences", "shortcuts");
    for (int i = 0; i < cards.size(); i++) {
      Theme.Choice theme = themes.get(i % themes.size());
      String card = cards.get(i);
      robot.interact(
          () -> {
            desktop.get(Theme.class).choiceProperty().set(theme);
            desktop.get(Actions.class).get(card).run();
          });
      desktop.settle();
      unseen.addAll(walk(robot, 8));
      robot.press(KeyCode.ESCAPE).release(KeyCode.ESCAPE);
      desktop.settle();
    }
    assertThat(unseen).isEmpty();
    assertThat(desktop.get(LabModel.class).facts().live()).isTrue();
  }

  private List<String> walk(FxRobot robot, int stops) {
    var unseen = new ArrayList<String>();
    for (int i = 0; i < stops; i++) {
      press(robot);
      Node owner = desktop.scene().getFocusOwner();
      if (owner != null && !LabWindow.read(() -> isFramed(owner))) {
        unseen.add(owner + " shows no frame");
      }
    }
    return unseen;
  }

  private void press(FxRobot robot) {
    robot.press(KeyCode.TAB).release(KeyCode.TAB);
    robot.interact(() -> desktop.scene().getRoot().applyCss());
  }

  private static java.util.Optional<Node> firstStop(Parent parent) {
    var next = new ArrayDeque<Node>(List.of(parent));
    while (!next.isEmpty()) {
      Node node = next.poll();
      if (node.isFocusTraversable() && !node.isDisabled() && node.isVisible()) {
        return java.util.Optional.of(node);
      }
      if (node instanceof Parent inner) {
        next.addAll(inner.getChildrenUnmodifiable());
      }
    }
    return java.util.Optional.empty();
  }

  private boolean isInSight(Node node) {
    Bounds place = node.localToScene(node.getLayoutBounds());
    return place.getMaxX() > 0
        && place.getMaxY() > 0
        && place.getMinX() < desktop.scene().getWidth()
        && place.getMinY() < desktop.scene().getHeight();
  }

  /** The control or a part of it has an outer colour that is two pixels of an inner one's edge. */
  private static boolean isFramed(Node owner) {
    if (owner instanceof Region line && line.getStyleClass().contains("side-line")) {
      return line.getBackground().getFills().getFirst().getInsets().equals(Insets.EMPTY);
    }
    var next = new ArrayDeque<Node>(List.of(owner));
    while (!next.isEmpty()) {
      Node node = next.poll();
      if (node instanceof Region region
          && (isFramed(region.getBackground()) || isFramed(region.getBorder()))) {
        return true;
      }
      if (node instanceof Parent inner) {
        next.addAll(inner.getChildrenUnmodifiable());
      }
    }
    return false;
  }

  private static boolean isFramed(Background background) {
    if (background == null || background.getFills().size() < 2) {
      return false;
    }
    BackgroundFill outer = background.getFills().getFirst();
    BackgroundFill inner = background.getFills().get(1);
    double width = inner.getInsets().getLeft() - outer.getInsets().getLeft();
    return width >= 2 && !outer.getFill().equals(inner.getFill()) && isSeen(outer.getFill());
  }

  private static boolean isFramed(Border border) {
    return border != null
        && border.getStrokes().stream()
            .anyMatch(each -> each.getWidths().getLeft() >= 2 && isSeen(each.getLeftStroke()));
  }

  private static boolean isSeen(javafx.scene.paint.Paint paint) {
    return paint instanceof Color color && color.getOpacity() > 0.9;
  }
}
