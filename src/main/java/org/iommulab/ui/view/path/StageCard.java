package org.iommulab.ui.view.path;

import javafx.css.PseudoClass;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Tips;
import org.iommulab.ui.view.part.Mark;

/** One stage: its name, where it read, what it found; the edge on top tells how it went. */
final class StageCard extends VBox {

  private static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");
  private static final PseudoClass AHEAD = PseudoClass.getPseudoClass("ahead");

  /** A card; a step of the second stage that serves one of the first is a single small line. */
  StageCard(Stage stage, Texts texts) {
    setId(Ids.of("path-stage-" + stage.id()));
    getStyleClass().addAll("stage-card", stage.state().role().styleClass());
    if (stage.state() == Stage.State.OFF) {
      getStyleClass().add("off");
    }
    String title = stage.title().in(texts);
    String place = stage.place().in(texts);
    String detail = stage.detail().in(texts);
    Mark mark = stage.mark();
    if (stage.host()) {
      getStyleClass().add("stage-host");
      getChildren().add(line(title + " " + detail, "stage-detail"));
    } else {
      getChildren().add(line(title, "stage-title"));
      getChildren()
          .add(mark == null ? line(place, "stage-place") : new Chip(mark.in(texts), mark.role()));
      getChildren().add(line(detail, "stage-detail"));
    }
    setMinWidth(0);
    setAccessibleRole(AccessibleRole.BUTTON);
    String word = stage.state().word().in(texts);
    String spoken = mark == null ? place : mark.in(texts);
    setAccessibleText(title + ", " + word + ", " + spoken + ", " + detail);
    Tips.on(
        this,
        () ->
            title
                + ": "
                + stage.state().symbol()
                + " "
                + word
                + "\n"
                + place
                + (place.isEmpty() ? "" : "\n")
                + detail);
  }

  private static Label line(String text, String styleClass) {
    var label = new Label(text);
    label.getStyleClass().add(styleClass);
    label.setMinWidth(0);
    label.setMinHeight(USE_PREF_SIZE);
    label.setWrapText(true);
    VBox.setVgrow(label, Priority.NEVER);
    return label;
  }

  /** The stage the reader is at. */
  void setSelected(boolean selected) {
    pseudoClassStateChanged(SELECTED, selected);
  }

  /** A stage the reader has not reached yet. */
  void setAhead(boolean ahead) {
    pseudoClassStateChanged(AHEAD, ahead);
  }
}
