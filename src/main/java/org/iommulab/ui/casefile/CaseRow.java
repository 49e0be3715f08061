package org.iommulab.ui.casefile;

import javafx.css.PseudoClass;
import javafx.scene.AccessibleAction;
import javafx.scene.AccessibleRole;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** A row that one clicks, or reaches by the keyboard; its words may wrap, as a button's may not. */
final class CaseRow extends HBox {

  private static final PseudoClass CHOSEN = PseudoClass.getPseudoClass("chosen");

  private final Runnable action;

  CaseRow(Region content, Runnable action) {
    super(content);
    this.action = action;
    HBox.setHgrow(content, Priority.ALWAYS);
    content.setMinWidth(0);
    getStyleClass().add("case-row");
    setMinWidth(0);
    setFocusTraversable(true);
    setAccessibleRole(AccessibleRole.BUTTON);
    setOnMouseClicked(
        event -> {
          requestFocus();
          action.run();
        });
    addEventHandler(KeyEvent.KEY_PRESSED, this::key);
  }

  private void key(KeyEvent event) {
    if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.SPACE) {
      action.run();
      event.consume();
    }
  }

  /** The row whose subject is looked at. */
  void setChosen(boolean chosen) {
    pseudoClassStateChanged(CHOSEN, chosen);
  }

  @Override
  public void executeAccessibleAction(AccessibleAction wanted, Object... parameters) {
    if (wanted == AccessibleAction.FIRE) {
      action.run();
    } else {
      super.executeAccessibleAction(wanted, parameters);
    }
  }
}
