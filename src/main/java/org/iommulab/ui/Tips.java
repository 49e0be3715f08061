package org.iommulab.ui;

import java.util.function.Supplier;
import javafx.event.EventHandler;
import javafx.scene.Node;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;
import org.jspecify.annotations.Nullable;

/**
 * Tooltips that are made when the pointer first enters what they are about: each is a window with a
 * scene of its own, and the window has hundreds of them.
 */
public final class Tips {

  private static final double WIDEST = 640;

  private Tips() {}

  /**
   * Gives a node a tooltip.
   *
   * @param words asked for when the pointer enters and when the tooltip is shown; none if empty
   */
  public static void on(Node node, Supplier<String> words) {
    node.addEventHandler(
        MouseEvent.MOUSE_ENTERED,
        new EventHandler<>() {
          private @Nullable Tooltip tip;

          @Override
          public void handle(MouseEvent entered) {
            if (words.get().isEmpty()) {
              Tooltip.uninstall(node, tip);
            } else {
              tip = tip == null ? tip(words) : tip;
              Tooltip.install(node, tip);
            }
          }
        });
  }

  private static Tooltip tip(Supplier<String> words) {
    var tip = new Tooltip();
    tip.setWrapText(true);
    tip.setMaxWidth(WIDEST);
    tip.setOnShowing(_ -> tip.setText(words.get()));
    return tip;
  }
}
