package org.iommulab.ui.workbench;

import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import org.iommulab.ui.Role;
import org.iommulab.ui.Tips;
import org.iommulab.ui.view.part.LabPane;
import org.jspecify.annotations.Nullable;

/** A tab with room for a number at its upper right corner. */
final class Tab extends ToggleButton {

  private final Label pin = new Label();

  private String words = "";

  Tab() {
    Tips.on(this, () -> words);
    pin.getStyleClass().add("tab-pin");
    pin.setManaged(false);
    pin.setVisible(false);
    pin.setMouseTransparent(true);
  }

  /** Shows a tag in short, or none; its words are the tooltip. */
  void show(LabPane.@Nullable Badge badge) {
    pin.setVisible(badge != null);
    words = badge == null ? "" : badge.text();
    setAccessibleHelp(badge == null ? null : badge.text());
    if (badge != null) {
      pin.setText(brief(badge.text()));
      for (Role role : Role.values()) {
        pin.getStyleClass().remove(role.styleClass());
      }
      pin.getStyleClass().add(badge.role().styleClass());
      requestLayout();
    }
  }

  /** Its number, or its first character. */
  private static String brief(String words) {
    String digits = words.replaceAll("\\D*(\\d+).*", "$1");
    return digits.matches("\\d{1,3}") ? digits : words.substring(0, Math.min(1, words.length()));
  }

  @Override
  protected void layoutChildren() {
    super.layoutChildren();
    if (!getChildren().contains(pin)) {
      getChildren().add(pin);
    }
    double width = Math.max(pin.prefWidth(-1), pin.prefHeight(-1));
    pin.resizeRelocate(getWidth() - width + 2, 1, width, pin.prefHeight(width));
  }
}
