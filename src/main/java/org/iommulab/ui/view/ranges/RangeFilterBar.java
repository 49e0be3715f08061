package org.iommulab.ui.view.ranges;

import java.util.function.Consumer;
import java.util.function.Predicate;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.controlsfx.control.textfield.TextFields;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.Words;
import org.iommulab.vtd.tables.MappedRange;

/** A field for the one language in which ranges are asked for, and what is wrong in it beside. */
public final class RangeFilterBar extends HBox {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");
  private static final double WIDEST = 620;

  private final Texts texts;
  private final Consumer<Predicate<MappedRange>> wanted;
  private final TextField field = TextFields.createClearableTextField();
  private final Label problem = new Label();

  /**
   * A bar above a table.
   *
   * @param name of what it filters, the start of the ids of field and problem
   * @param columns letters that are in sight at least
   * @param wanted told of each filter that can be read; another leaves what is shown
   */
  public RangeFilterBar(
      String name, int columns, Texts texts, Consumer<Predicate<MappedRange>> wanted) {
    this.texts = texts;
    this.wanted = wanted;
    field.setId(name + "-filter");
    field.getStyleClass().addAll("small-field", "mono");
    field.setPrefColumnCount(columns);
    field.promptTextProperty().bind(texts.observe("view.ranges.filter"));
    field.accessibleTextProperty().bind(texts.observe("view.ranges.filter"));
    Words.tip(field, texts.observe("view.ranges.filter.tip"));
    field.textProperty().addListener((_, _, text) -> read(text));
    field.setMinWidth(Region.USE_PREF_SIZE);
    field.setMaxWidth(WIDEST);
    problem.setId(name + "-problem");
    problem.getStyleClass().addAll("toned", Role.BAD.styleClass());
    Words.mayShorten(problem);
    HBox.setHgrow(field, Priority.SOMETIMES);
    HBox.setHgrow(problem, Priority.ALWAYS);
    getChildren().setAll(field, problem);
    getStyleClass().add("view-bar");
  }

  private void read(String text) {
    switch (RangeFilter.read(text)) {
      case RangeFilter.Good(Predicate<MappedRange> filter) -> {
        problem.setText("");
        field.pseudoClassStateChanged(WRONG, false);
        wanted.accept(filter);
      }
      case RangeFilter.Bad(Phrase sentence) -> {
        problem.setText(sentence.in(texts));
        field.pseudoClassStateChanged(WRONG, true);
      }
    }
  }
}
