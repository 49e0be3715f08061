package org.iommulab.ui;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.Scene;

/** Something that takes the whole window instead of the workbench while it shows. */
public interface Face {

  /** Stable name, such as {@code learn}. */
  String id();

  /** Its content, built when it is first asked for. */
  Node node();

  /** What it shows, for the title of the window. */
  ObservableValue<String> title();

  /** Whether it wants to show. */
  ReadOnlyBooleanProperty showingProperty();

  /** Takes the window again, if there is something that it can show. */
  void show();

  /** Gives the window back, if it has it. */
  void leave();

  /**
   * Tells it that it shows now, after the workbench has let go of its panes, or that it does not
   * any more, before the workbench takes them back.
   */
  void shown(boolean shown);

  /** Whether the keyboard is at an area of the window or at something in it. */
  static boolean hasKeyboard(Node area) {
    Scene scene = area.getScene();
    for (Node each = scene == null ? null : scene.getFocusOwner();
        each != null;
        each = each.getParent()) {
      if (each == area) {
        return true;
      }
    }
    return false;
  }
}
