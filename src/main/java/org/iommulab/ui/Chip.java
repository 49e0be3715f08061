package org.iommulab.ui;

import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;

/** A small rounded tag in a role's colours: {@code did 21}, {@code ? miss}, {@code 1 fault}. */
public final class Chip extends Label {

  /** A tag with a fixed text. */
  public Chip(String text, Role role) {
    super(text);
    getStyleClass().addAll("chip", role.styleClass());
    setMinWidth(USE_PREF_SIZE);
  }

  /** A tag whose text follows a value. */
  public Chip(ObservableValue<String> text, Role role) {
    this("", role);
    textProperty().bind(text);
  }

  /** Gives the tag another role. */
  public void setRole(Role role) {
    for (Role other : Role.values()) {
      getStyleClass().remove(other.styleClass());
    }
    getStyleClass().add(role.styleClass());
  }
}
