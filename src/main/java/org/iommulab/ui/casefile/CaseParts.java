package org.iommulab.ui.casefile;

import java.util.Locale;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.iommulab.ui.view.part.Words;

/** What the columns of a case are made of. */
final class CaseParts {

  private CaseParts() {}

  /** A line that names what follows, with figures at its right. */
  static HBox header(String title, String figures) {
    var name = new Label(title.toUpperCase(Locale.ROOT));
    name.getStyleClass().add("pane-title");
    name.setMinWidth(Region.USE_PREF_SIZE);
    var number = new Label(figures);
    number.getStyleClass().add("pane-figures");
    Words.mayShorten(number);
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    var line = new HBox(8, name, space, number);
    line.getStyleClass().addAll("pane-header", "case-header");
    return line;
  }

  /** A field that takes a whole line. */
  static HBox bar(Region field) {
    HBox.setHgrow(field, Priority.ALWAYS);
    var bar = new HBox(field);
    bar.getStyleClass().add("view-bar");
    return bar;
  }

  /** Words that wrap and are never cut. */
  static Label words(String text, String... styleClasses) {
    var label = new Label(text);
    label.setWrapText(true);
    label.setMinWidth(0);
    label.setMinHeight(Region.USE_PREF_SIZE);
    label.getStyleClass().addAll(styleClasses);
    return label;
  }
}
