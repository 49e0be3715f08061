package org.iommulab.ui;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;

/** The layer above the panes where the palette and the forms appear; one at a time. */
@Singleton
public final class Overlay {

  private final StackPane layer = new StackPane();
  private @Nullable Node focusBefore;

  @Inject
  public Overlay() {
    layer.setId("overlay");
    layer.setPickOnBounds(false);
    layer.addEventHandler(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.ESCAPE && !layer.getChildren().isEmpty()) {
            close();
            event.consume();
          }
        });
  }

  /** The layer itself. */
  public StackPane node() {
    return layer;
  }

  /** Shows something in the middle, near the top. */
  public void showOnTop(Region content) {
    put(content, Pos.TOP_CENTER, new Insets(56, 16, 16, 16));
  }

  /** Shows something below the control with the given id, or near the top if there is none. */
  public void showBelow(String controlId, Region content) {
    Node control = layer.getScene() == null ? null : layer.getScene().lookup("#" + controlId);
    if (control == null) {
      showOnTop(content);
      return;
    }
    Bounds bounds = layer.sceneToLocal(control.localToScene(control.getLayoutBounds()));
    double right = Math.max(8, layer.getWidth() - content.prefWidth(-1) - 8);
    put(
        content,
        Pos.TOP_LEFT,
        new Insets(bounds.getMaxY() + 8, 8, 8, Math.min(bounds.getMinX(), right)));
  }

  private void put(Region content, Pos where, Insets margin) {
    if (layer.getChildren().isEmpty() && layer.getScene() != null) {
      focusBefore = layer.getScene().getFocusOwner();
    }
    StackPane.setAlignment(content, where);
    StackPane.setMargin(content, margin);
    content.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    layer.getChildren().setAll(content);
  }

  /** Tells whether something is on show: keys are for it. */
  public boolean isOpen() {
    return !layer.getChildren().isEmpty();
  }

  /** Tells whether this is on show. */
  public boolean isShowing(Node content) {
    return layer.getChildren().contains(content);
  }

  /** Takes away what is shown and gives the keyboard back. */
  public void close() {
    layer.getChildren().clear();
    Node before = focusBefore;
    focusBefore = null;
    if (before != null) {
      before.requestFocus();
    }
  }
}
