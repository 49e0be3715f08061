package org.iommulab.ui.view.path;

import java.util.Objects;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import org.jspecify.annotations.Nullable;

/**
 * The request shown and how far the reader has followed it. Time comes in through {@link #pulse},
 * so that a test decides how fast it runs. Knows no control.
 */
final class PathModel {

  /** How long play rests at a stage. */
  static final long STAGE_NANOS = 700_000_000L;

  private final ReadOnlyObjectWrapper<@Nullable PathPicture> picture =
      new ReadOnlyObjectWrapper<>();
  private final ReadOnlyObjectWrapper<PathAnswer.When> when =
      new ReadOnlyObjectWrapper<>(PathAnswer.When.NOW);
  private final ReadOnlyIntegerWrapper position = new ReadOnlyIntegerWrapper(-1);
  private final ReadOnlyIntegerWrapper highlighted = new ReadOnlyIntegerWrapper(-1);
  private final ReadOnlyBooleanWrapper playing = new ReadOnlyBooleanWrapper();
  private final BooleanProperty reducedMotion = new SimpleBooleanProperty();
  private long nextStageAt;

  /** The request, or null before the first one. */
  ReadOnlyObjectProperty<@Nullable PathPicture> pictureProperty() {
    return picture.getReadOnlyProperty();
  }

  /** How the request shown relates to the latest command. */
  ReadOnlyObjectProperty<PathAnswer.When> whenProperty() {
    return when.getReadOnlyProperty();
  }

  /** Index of the stage the reader has reached; later ones are drawn faintly. */
  ReadOnlyIntegerProperty positionProperty() {
    return position.getReadOnlyProperty();
  }

  /** The stage to see first in a narrow window: the one that refused, else the first; or -1. */
  int opening() {
    for (int i = 0; i < count(); i++) {
      if (stage(i).state() == Stage.State.FAULT) {
        return i;
      }
    }
    return count() == 0 ? -1 : 0;
  }

  /** Index of the stage that is selected, or -1. */
  ReadOnlyIntegerProperty highlightedProperty() {
    return highlighted.getReadOnlyProperty();
  }

  /** Tells whether stages follow each other by themselves. */
  ReadOnlyBooleanProperty playingProperty() {
    return playing.getReadOnlyProperty();
  }

  /** Whether the reader asked for no motion: play then shows the end at once. */
  BooleanProperty reducedMotionProperty() {
    return reducedMotion;
  }

  /** Takes an answer; the reader's place in a request that is still the last one stays. */
  void show(PathAnswer answer) {
    boolean earlier = answer.when() == PathAnswer.When.EARLIER;
    when.set(answer.when());
    if (!earlier || !Objects.equals(answer.request(), picture.get())) {
      show(answer.request());
    }
  }

  private void show(@Nullable PathPicture shown) {
    playing.set(false);
    picture.set(shown);
    position.set(count() - 1);
    highlighted.set(-1);
  }

  /** Goes on to the next stage that took part; from the end, back to the first. */
  void step() {
    playing.set(false);
    advance();
  }

  /** Goes back to the stage before. */
  void stepBack() {
    playing.set(false);
    int to = position.get() - 1;
    while (to > 0 && stage(to).state() == Stage.State.OFF) {
      to--;
    }
    if (to >= 0) {
      moveTo(to);
    }
  }

  /** Selects a stage, or none with -1; how far the reader has come stays. */
  void highlight(int index) {
    if (index >= -1 && index < count()) {
      highlighted.set(index);
    }
  }

  /** Starts from the first stage and goes on by itself; a second call stops. */
  void play() {
    if (playing.get() || count() == 0) {
      playing.set(false);
    } else if (reducedMotion.get()) {
      moveTo(count() - 1);
    } else {
      moveTo(0);
      nextStageAt = 0;
      playing.set(true);
    }
  }

  /** Tells the time in nanoseconds of any origin; only differences count. */
  void pulse(long now) {
    if (!playing.get()) {
      return;
    }
    if (nextStageAt == 0) {
      nextStageAt = now + STAGE_NANOS;
    } else if (now >= nextStageAt) {
      nextStageAt = now + STAGE_NANOS;
      advance();
      if (position.get() == count() - 1) {
        playing.set(false);
      }
    }
  }

  private void advance() {
    int count = count();
    if (count == 0) {
      return;
    }
    int to = position.get() + 1 < count ? position.get() + 1 : 0;
    while (to < count - 1 && stage(to).state() == Stage.State.OFF) {
      to++;
    }
    moveTo(to);
  }

  private void moveTo(int index) {
    position.set(index);
    highlighted.set(index);
  }

  private Stage stage(int index) {
    PathPicture shown = picture.get();
    if (shown == null) {
      throw new IllegalStateException("no request is shown");
    }
    return shown.stages().get(index);
  }

  private int count() {
    PathPicture shown = picture.get();
    return shown == null ? 0 : shown.stages().size();
  }
}
