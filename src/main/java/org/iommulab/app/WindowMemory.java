package org.iommulab.app;

import javafx.geometry.Dimension2D;
import javafx.geometry.Rectangle2D;
import javafx.stage.Screen;
import javafx.stage.Stage;
import org.iommulab.ui.settings.Settings;

/** Where the window was and how large; a window that no screen shows any more comes back. */
final class WindowMemory {

  private static final double WIDTH = 1600;
  private static final double HEIGHT = 1000;
  private static final double MIN_WIDTH = 800;
  private static final double MIN_HEIGHT = 560;

  private final Settings settings;

  WindowMemory(Settings settings) {
    this.settings = settings;
  }

  /** How large it will be. */
  Dimension2D size() {
    Rectangle2D screen = Screen.getPrimary().getVisualBounds();
    return new Dimension2D(
        within(MIN_WIDTH, settings.number("window.width", WIDTH), screen.getWidth()),
        within(MIN_HEIGHT, settings.number("window.height", HEIGHT), screen.getHeight()));
  }

  void restore(Stage stage) {
    Rectangle2D screen = Screen.getPrimary().getVisualBounds();
    Dimension2D size = size();
    double width = size.getWidth();
    double height = size.getHeight();
    stage.setMinWidth(Math.min(MIN_WIDTH, screen.getWidth()));
    stage.setMinHeight(Math.min(MIN_HEIGHT, screen.getHeight()));
    stage.setWidth(width);
    stage.setHeight(height);
    double x = settings.number("window.x", screen.getMinX() + (screen.getWidth() - width) / 2);
    double y = settings.number("window.y", screen.getMinY() + (screen.getHeight() - height) / 2);
    boolean visible = !Screen.getScreensForRectangle(x, y, width, 40).isEmpty();
    stage.setX(visible ? x : screen.getMinX());
    stage.setY(visible ? Math.max(y, screen.getMinY()) : screen.getMinY());
    stage.setMaximized(settings.flag("window.maximized", false));
  }

  private static double within(double least, double wanted, double most) {
    return Math.min(Math.max(least, wanted), most);
  }

  void remember(Stage stage) {
    settings.put("window.maximized", stage.isMaximized());
    if (!stage.isMaximized() && !stage.isFullScreen() && !stage.isIconified()) {
      settings.put("window.x", stage.getX());
      settings.put("window.y", stage.getY());
      settings.put("window.width", stage.getWidth());
      settings.put("window.height", stage.getHeight());
    }
  }
}
