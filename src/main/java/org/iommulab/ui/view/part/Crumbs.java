package org.iommulab.ui.view.part;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.TreeItem;
import javafx.scene.layout.Region;
import org.controlsfx.control.BreadCrumbBar;
import org.iommulab.ui.Ids;

/** The way to what is shown, from the outermost to the innermost; each part leads back to it. */
public final class Crumbs extends BreadCrumbBar<Crumbs.Crumb> {

  /**
   * A part of the way.
   *
   * @param id of its button; what is no id becomes one
   * @param text what it says
   * @param chosen leads there
   */
  public record Crumb(String id, String text, Runnable chosen) {}

  /** An empty way. */
  public Crumbs(String id) {
    setId(id);
    getStyleClass().addAll("crumbs", "mono");
    setAutoNavigationEnabled(false);
    setFocusTraversable(false);
    setCrumbFactory(this::button);
    setOnCrumbAction(event -> event.getSelectedCrumb().getValue().chosen().run());
  }

  private Button button(TreeItem<Crumb> item) {
    boolean first = item.getParent() == null;
    var button = new Button((first ? "" : "› ") + item.getValue().text());
    button.setId(Ids.of(item.getValue().id()));
    if (item.isLeaf()) {
      button.getStyleClass().add("crumb-last");
    }
    return button;
  }

  /** The way in a place that may be too narrow for it: then its end is seen. */
  public Region endFirst() {
    return new EndFirst(this);
  }

  /** Shows a way. */
  public void show(List<Crumb> way) {
    TreeItem<Crumb> last = null;
    for (Crumb crumb : way) {
      var item = new TreeItem<>(crumb);
      if (last != null) {
        last.getChildren().add(item);
      }
      last = item;
    }
    setSelectedCrumb(last);
    requestLayout();
  }

  // The skin knows how wide its parts are together only once it has laid them out.
  @Override
  protected double computePrefWidth(double height) {
    return getInsets().getLeft()
        + getInsets().getRight()
        + getChildrenUnmodifiable().stream()
            .mapToDouble((Node part) -> Math.ceil(part.prefWidth(-1)))
            .sum();
  }
}
