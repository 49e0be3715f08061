package org.iommulab.ui;

import static javafx.scene.TraversalDirection.NEXT;
import static javafx.scene.TraversalDirection.PREVIOUS;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.stream.Stream;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
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
    layer.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.TAB && goesRound(event.isShiftDown())) {
            event.consume();
          }
        });
  }

  /** From the last stop of what is shown on to its first, and back; never out of it. */
  private boolean goesRound(boolean backwards) {
    List<Node> stops = stops(layer).toList();
    if (stops.isEmpty() || layer.getScene() == null) {
      return false;
    }
    Node end = backwards ? stops.getFirst() : stops.getLast();
    if (!end.equals(layer.getScene().getFocusOwner())) {
      return false;
    }
    Node next = backwards ? stops.getLast() : stops.getFirst();
    next.requestFocus();
    // Only what a traversal came to shows its frame: so one step on, and back.
    next.requestFocusTraversal(backwards ? PREVIOUS : NEXT);
    layer.getScene().getFocusOwner().requestFocusTraversal(backwards ? NEXT : PREVIOUS);
    return true;
  }

  private static Stream<Node> stops(Parent parent) {
    return parent.getChildrenUnmodifiable().stream()
        .filter(node -> node.isVisible() && !node.isDisabled())
        .flatMap(
            node ->
                Stream.concat(
                    node.isFocusTraversable() ? Stream.of(node) : Stream.empty(),
                    node instanceof Parent inner ? stops(inner) : Stream.empty()));
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
    // What a scroll pane holds is in the scene, and can have the keyboard, once there is a skin.
    content.applyCss();
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
