package org.iommulab.ui.bench;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TreeCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Tips;
import org.jspecify.annotations.Nullable;

/** A line of the bench: words, ids and tags side by side. */
final class BenchCell extends TreeCell<BenchNode> {

  private final HBox line = new HBox();

  BenchCell() {
    line.getStyleClass().add("bench-line");
    Tips.on(this, () -> getItem() == null ? "" : getItem().explanation());
  }

  @Override
  protected void updateItem(@Nullable BenchNode node, boolean empty) {
    super.updateItem(node, empty);
    if (empty || node == null) {
      setGraphic(null);
      setId(null);
      setAccessibleText(null);
      return;
    }
    setId(Ids.of("bench-" + node.key()));
    line.getChildren().setAll(node.parts().stream().map(BenchCell::part).toList());
    setGraphic(line);
    setAccessibleText(node.words());
  }

  private static Node part(BenchNode.Part part) {
    Label label =
        switch (part) {
          case BenchNode.Word(String text) -> new Label(text);
          case BenchNode.Heading(String text) -> styled(text, "strong");
          case BenchNode.Code(String text) -> styled(text, "mono");
          case BenchNode.Aside(String text) -> styled(text, "muted");
          case BenchNode.Warning(String text) -> styled(text, "bench-warning");
          case BenchNode.Tag(String text, var role) -> new Chip(text, role);
        };
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  private static Label styled(String text, String styleClass) {
    var label = new Label(text);
    label.getStyleClass().add(styleClass);
    return label;
  }
}
