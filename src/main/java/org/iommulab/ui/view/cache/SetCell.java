package org.iommulab.ui.view.cache;

import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Tips;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Words;
import org.iommulab.vtd.cache.CacheLine;
import org.jspecify.annotations.Nullable;

/** One set as a line: its number, then a box for each way. */
final class SetCell extends ListCell<CacheRow> {

  private static final PseudoClass CHOSEN = PseudoClass.getPseudoClass("chosen");

  private final String name;
  private final Texts texts;
  private final CacheModel model;
  private final Consumer<CacheCell> onChosen;
  private final HBox line = new HBox();

  SetCell(String name, Texts texts, CacheModel model, Consumer<CacheCell> onChosen) {
    this.name = name;
    this.texts = texts;
    this.model = model;
    this.onChosen = onChosen;
    line.getStyleClass().add("cache-set");
    getStyleClass().add("cache-set-cell");
  }

  @Override
  protected void updateItem(@Nullable CacheRow row, boolean empty) {
    super.updateItem(row, empty);
    line.getChildren().clear();
    if (row == null || empty) {
      setId(null);
      setGraphic(null);
      return;
    }
    setId(name + "-set-" + row.set());
    var number = Words.figures("muted", row.isFold() ? "cache-fold" : "cache-set-number");
    number.setText(
        row.isFold()
            ? texts.get("view.cache.fold", row.set(), row.lastSet())
            : texts.get("view.cache.set", row.set()));
    number.setMinWidth(Label.USE_PREF_SIZE);
    line.getChildren().add(number);
    for (CacheCell cell : row.cells()) {
      VBox box = box(cell);
      HBox.setHgrow(box, Priority.ALWAYS);
      line.getChildren().add(box);
    }
    setGraphic(line);
  }

  /** As narrow as the words of its boxes allow: empty ways give way to full ones. */
  @Override
  protected double computePrefWidth(double height) {
    return getGraphic() == null
        ? super.computePrefWidth(height)
        : snappedLeftInset() + line.minWidth(-1) + snappedRightInset();
  }

  private VBox box(CacheCell cell) {
    CacheLine cached = cell.line();
    var box = new VBox();
    box.setId(Ids.of(name + "-way-" + cell.key()));
    box.getStyleClass().addAll("cache-way", cell.state().styleClass());
    box.pseudoClassStateChanged(CHOSEN, cell.key().equals(model.chosenProperty().get()));
    var text = Words.figures();
    text.setText(cached == null ? texts.get("view.cache.empty") : LineText.of(cached));
    text.setMinWidth(Label.USE_PREF_SIZE);
    box.getChildren().add(text);
    Mark mark = cell.mark();
    if (mark != null) {
      var chip = new Chip(mark.in(texts), mark.role());
      chip.setMinWidth(0);
      chip.getStyleClass().add("may-shorten");
      box.getChildren().add(chip);
    }
    if (cached != null) {
      Tips.on(box, box::getAccessibleText);
      box.setAccessibleRole(AccessibleRole.BUTTON);
      box.setAccessibleText(words(cached, mark));
      box.setOnMousePressed(_ -> onChosen.accept(cell));
    }
    return box;
  }

  private String words(CacheLine cached, @Nullable Mark mark) {
    String place = texts.get("view.cache.place", cached.set(), cached.way());
    String range =
        cached.size() == 0
            ? ""
            : "\n" + Hex.range(cached.page(), cached.page() + cached.size() - 1);
    String age = "\n" + texts.get("view.cache.age", cached.age());
    String why = mark == null ? "" : "\n" + mark.in(texts);
    return place + "\n" + LineText.of(cached) + range + age + why;
  }
}
