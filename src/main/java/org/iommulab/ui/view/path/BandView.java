package org.iommulab.ui.view.path;

import java.util.function.LongConsumer;
import javafx.scene.AccessibleRole;
import javafx.scene.layout.Region;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Tips;
import org.jspecify.annotations.Nullable;

/**
 * The band of an address space: mapped runs in the accent colour, read-only ones lighter, reserved
 * ones hatched, changed edges violet, and a pin at the request's address. Runs narrower than three
 * pixels are drawn three pixels wide, so that one page in a terabyte is still seen.
 */
final class BandView extends Region {

  private static final double MIN_RUN = 3;

  private final Texts texts;
  private @Nullable Band band;
  private LongConsumer onChosen = iova -> {};

  BandView(Texts texts) {
    this.texts = texts;
    setId("path-band");
    getStyleClass().add("iova-band");
    setAccessibleRole(AccessibleRole.IMAGE_VIEW);
    setOnMousePressed(event -> choose(event.getX()));
  }

  /** Draws another band, or none. */
  void show(@Nullable Band shown) {
    band = shown;
    getChildren().clear();
    if (shown == null) {
      return;
    }
    for (Band.Run run : shown.runs()) {
      var piece = new Region();
      piece.getStyleClass().addAll("iova-run", styleOf(run.kind()));
      if (run.changed()) {
        piece.getStyleClass().add("changed");
      }
      piece.setUserData(run);
      Tips.on(piece, () -> words(run));
      getChildren().add(piece);
    }
    var pin = new Region();
    pin.getStyleClass().add("iova-pin");
    pin.setMouseTransparent(true);
    getChildren().add(pin);
    setAccessibleText(texts.get("view.path.band.spoken", shown.domain(), shown.runs().size()));
    requestLayout();
  }

  void setOnChosen(LongConsumer handler) {
    onChosen = handler;
  }

  private String words(Band.Run run) {
    String kind = texts.get("view.path.band." + styleOf(run.kind()));
    String size = Hex.size(run.last() - run.first() + 1);
    String changed = run.changed() ? " · " + texts.get("view.changed") : "";
    return Hex.range(run.first(), run.last()) + "\n" + kind + " · " + size + changed;
  }

  private static String styleOf(Band.Kind kind) {
    return switch (kind) {
      case READ_WRITE -> "read-write";
      case READ_ONLY -> "read-only";
      case WRITE_ONLY -> "write-only";
      case CLEARED -> "cleared";
      case RESERVED -> "reserved";
    };
  }

  private void choose(double x) {
    Band shown = band;
    if (shown != null && getWidth() > 0) {
      double part = Math.clamp(x / getWidth(), 0, 1);
      long span = shown.last() - shown.first();
      onChosen.accept(shown.first() + (long) (part * span) & ~0xFFFL);
    }
  }

  @Override
  protected void layoutChildren() {
    Band shown = band;
    if (shown == null) {
      return;
    }
    double width = getWidth();
    double height = getHeight();
    for (var child : getChildren()) {
      if (child.getUserData() instanceof Band.Run run) {
        double from = shown.position(run.first()) * width;
        double to = shown.position(run.last()) * width;
        child.resizeRelocate(snapPositionX(from), 0, Math.max(MIN_RUN, to - from), height);
      } else {
        double at = shown.position(shown.selected()) * width;
        child.resizeRelocate(snapPositionX(at) - 1, -3, 2, height + 6);
      }
    }
  }
}
