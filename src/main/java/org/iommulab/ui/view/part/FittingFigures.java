package org.iommulab.ui.view.part;

import java.util.Arrays;
import java.util.List;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.text.Text;
import org.iommulab.ui.Tips;

/**
 * Figures such as {@code 64 sets × 4 ways · LRU · 1 of 256}: as many of the first as there is room
 * for, each whole or not at all; the tooltip has all of them.
 */
final class FittingFigures extends Label {

  private static final String BETWEEN = " · ";

  private final StringProperty all = new SimpleStringProperty(this, "all", "");
  private final Text measure = new Text();

  FittingFigures(ObservableValue<String> figures) {
    setMinWidth(0);
    Tips.on(this, all::get);
    all.subscribe(
        words -> {
          setText(words);
          requestLayout();
        });
    all.bind(figures);
  }

  @Override
  protected double computePrefWidth(double height) {
    return widthOf(all.get());
  }

  @Override
  protected void layoutChildren() {
    String shown = fitting();
    if (!shown.equals(getText())) {
      setText(shown);
    }
    super.layoutChildren();
  }

  private String fitting() {
    List<String> parts = Arrays.asList(all.get().split(BETWEEN, -1));
    for (int count = parts.size(); count > 0; count--) {
      String some = String.join(BETWEEN, parts.subList(0, count));
      if (widthOf(some) <= getWidth()) {
        return some;
      }
    }
    return "";
  }

  private double widthOf(String words) {
    measure.setFont(getFont());
    measure.setText(words);
    double sides = snappedLeftInset() + snappedRightInset();
    return words.isEmpty() ? 0 : snapSizeX(measure.getLayoutBounds().getWidth()) + sides;
  }
}
