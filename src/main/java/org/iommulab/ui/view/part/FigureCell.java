package org.iommulab.ui.view.part;

import java.util.function.Consumer;
import java.util.function.Function;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.layout.HBox;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/** A cell of a {@link RowTable}: text in a role's colour, tags behind it, an arrow before it. */
final class FigureCell<R> extends TableCell<R, R> {

  /** One step of indentation, in pixels at the ordinary font size. */
  static final double INDENT = 16;

  private static final PseudoClass CHOSEN = PseudoClass.getPseudoClass("chosen");

  private final String table;
  private final String column;
  private final Texts texts;
  private final Function<R, Figure> figure;
  private final Function<R, String> rowId;
  private final @Nullable Consumer<R> toggle;
  private final Label text = new Label();
  private final HBox box = new HBox(6);
  private @Nullable Role role;

  FigureCell(
      String table,
      String column,
      Texts texts,
      Function<R, Figure> figure,
      Function<R, String> rowId,
      @Nullable Consumer<R> toggle) {
    this.table = table;
    this.column = column;
    this.texts = texts;
    this.figure = figure;
    this.rowId = rowId;
    this.toggle = toggle;
    box.setAlignment(Pos.CENTER_LEFT);
    text.setMinWidth(Label.USE_PREF_SIZE);
    getStyleClass().add("figure-cell");
  }

  @Override
  protected void updateItem(@Nullable R row, boolean empty) {
    super.updateItem(row, empty);
    if (row == null || empty) {
      setId(null);
      setText(null);
      setGraphic(null);
      setRole(null);
      pseudoClassStateChanged(CHOSEN, false);
      return;
    }
    setId(Ids.of(table + "-cell-" + rowId.apply(row) + "-" + column));
    Figure shown = figure.apply(row);
    setRole(shown.role());
    pseudoClassStateChanged(CHOSEN, shown.chosen());
    String words = shown.text().in(texts);
    if (toggle == null && shown.marks().isEmpty()) {
      setText(words);
      setGraphic(null);
    } else {
      setText(null);
      compose(row, shown, words);
      setGraphic(box);
    }
  }

  private void compose(R row, Figure shown, String words) {
    box.getChildren().clear();
    if (toggle != null && row instanceof OutlineRow outline) {
      Consumer<R> onToggle = toggle;
      var arrow = new OutlineArrow(outline, INDENT, () -> onToggle.accept(row));
      arrow.setArrowId(table + "-arrow-" + rowId.apply(row));
      box.getChildren().add(arrow);
    }
    if (!words.isEmpty()) {
      text.setText(words);
      box.getChildren().add(text);
    }
    for (Mark mark : shown.marks()) {
      box.getChildren().add(new Chip(mark.in(texts), mark.role()));
    }
  }

  private void setRole(@Nullable Role now) {
    if (role != now) {
      if (role != null) {
        getStyleClass().removeAll("toned", role.styleClass());
      }
      if (now != null) {
        getStyleClass().addAll("toned", now.styleClass());
      }
      role = now;
    }
  }

  /** The cell as plain text, tags in brackets. */
  static String plainText(Figure shown, Texts texts) {
    var words = new StringBuilder(shown.text().in(texts));
    for (Mark mark : shown.marks()) {
      words.append(words.isEmpty() ? "" : " ").append('[').append(mark.in(texts)).append(']');
    }
    return words.toString();
  }
}
