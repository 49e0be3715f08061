package org.iommulab.ui.program;

import java.util.List;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.iommulab.ui.Role;
import org.jspecify.annotations.Nullable;

/** One call, or many of one kind. */
final class ProgramCell extends ListCell<CallRow> {

  private static final PseudoClass UNDONE = PseudoClass.getPseudoClass("undone");

  private final ProgramModel model;
  private final Label arrow = new Label();
  private final Label process = new Label();
  private final Label count = new Label();
  private final Label name = new Label();
  private final Label arguments = new Label();
  private final Label ending = new Label();
  private final HBox line = new HBox(8, arrow, process, count, name, arguments, ending);

  ProgramCell(ProgramModel model) {
    this.model = model;
    arrow.setMinWidth(14);
    arrow.setOnMouseClicked(
        event -> {
          CallRow row = getItem();
          if (row != null) {
            model.toggle(row);
            event.consume();
          }
        });
    process.getStyleClass().add("muted");
    process.setMinWidth(176);
    process.setMaxWidth(176);
    count.getStyleClass().add("muted");
    count.setMinWidth(56);
    count.setAlignment(javafx.geometry.Pos.CENTER_RIGHT);
    name.getStyleClass().add("strong");
    arguments.getStyleClass().add("muted");
    for (Label part : List.of(name, arguments, ending)) {
      part.setMinWidth(Region.USE_PREF_SIZE);
    }
    model.positionProperty().subscribe(() -> dim(getItem()));
  }

  @Override
  protected void updateItem(@Nullable CallRow row, boolean empty) {
    super.updateItem(row, empty);
    dim(empty ? null : row);
    if (empty || row == null) {
      setGraphic(null);
      setAccessibleText(null);
      return;
    }
    arrow.setText(row.count() < 2 ? "" : model.isOpen(row) ? "▾" : "▸");
    process.setText(row.pid() == 0 ? "" : row.pid() + " " + row.process());
    count.setText(row.count() < 2 ? "" : row.count() + " ×");
    name.setText(row.name());
    arguments.setText(row.arguments());
    ending.setText("→ " + row.ending());
    ending.getStyleClass().removeAll(Role.OK.styleClass(), Role.BAD.styleClass());
    ending.getStyleClass().add((row.errno() == null ? Role.OK : Role.BAD).styleClass());
    setAccessibleText(
        count.getText() + " " + row.name() + " " + row.arguments() + " " + ending.getText());
    setGraphic(line);
  }

  private void dim(@Nullable CallRow row) {
    pseudoClassStateChanged(UNDONE, row != null && row.last() >= model.positionProperty().get());
  }
}
