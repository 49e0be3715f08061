package org.iommulab.ui.view.queue;

import javafx.scene.AccessibleRole;
import javafx.scene.layout.Region;
import org.iommulab.ui.Texts;

/** The queue as a band: what waits between head and tail, and where both stand. */
final class RingView extends Region {

  private final Texts texts;
  private final Region waiting = piece("queue-waiting");
  private final Region wrapped = piece("queue-waiting");
  private final Region head = piece("queue-head");
  private final Region tail = piece("queue-tail");
  private QueuePicture picture = QueuePicture.NONE;

  RingView(Texts texts) {
    this.texts = texts;
    setId("queue-ring");
    getStyleClass().add("queue-ring");
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    getChildren().addAll(waiting, wrapped, head, tail);
  }

  private static Region piece(String styleClass) {
    var piece = new Region();
    piece.getStyleClass().add(styleClass);
    return piece;
  }

  void show(QueuePicture shown) {
    picture = shown;
    setAccessibleText(
        texts.get(
            "view.queue.figures", shown.head(), shown.tail(), shown.pending(), shown.slots()));
    requestLayout();
  }

  @Override
  protected void layoutChildren() {
    double width = getWidth();
    double height = getHeight();
    int slots = Math.max(1, picture.slots());
    double from = width * picture.head() / slots;
    double to = width * picture.tail() / slots;
    boolean wraps = picture.tail() < picture.head();
    waiting.resizeRelocate(from, 0, Math.max(0, (wraps ? width : to) - from), height);
    wrapped.resizeRelocate(0, 0, wraps ? to : 0, height);
    head.resizeRelocate(snapPositionX(from), -2, 2, height + 4);
    tail.resizeRelocate(snapPositionX(to), -2, 2, height + 4);
  }
}
