package org.iommulab.ui.busy;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import org.iommulab.progress.Progress;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work. Its properties belong to the JavaFX thread; {@link #heard} runs where the work
 * is done, {@link #giveUp} may be called anywhere.
 */
public final class Work {

  /** The share done while it is not known. */
  public static final double UNKNOWN = -1;

  /** Time between two changes of the share, in nanoseconds: no more than an eye can follow. */
  private static final long OFTEN = 50_000_000;

  private final String textKey;
  private final List<Object> arguments;
  private final ReadOnlyDoubleWrapper share = new ReadOnlyDoubleWrapper(this, "share", UNKNOWN);
  private volatile boolean unwanted;
  private volatile @Nullable Executor fx;
  private long reported = System.nanoTime();

  private Work(String textKey, List<Object> arguments) {
    this.textKey = textKey;
    this.arguments = arguments;
  }

  /**
   * Work that has not begun.
   *
   * @param textKey what the person reads
   */
  public static Work named(String textKey, Object... arguments) {
    return new Work(textKey, List.of(arguments));
  }

  /** Key of what the person reads. */
  public String textKey() {
    return textKey;
  }

  /** What goes into the text. */
  public Object[] arguments() {
    return arguments.toArray();
  }

  /** How much of it is done, 0 to 1, or {@link #UNKNOWN}. */
  public ReadOnlyDoubleProperty shareProperty() {
    return share.getReadOnlyProperty();
  }

  /** Stops it as soon as it looks up. */
  public void giveUp() {
    unwanted = true;
  }

  /** Whether somebody gave it up. */
  public boolean isGivenUp() {
    return unwanted;
  }

  /** Its share is told by this executor from now on. */
  void tellThrough(Executor fxThread) {
    fx = fxThread;
  }

  /**
   * Does it, on the calling thread.
   *
   * @throws CancellationException if it was given up before its end
   */
  public <T> T heard(Supplier<T> deed) {
    at(0, 0);
    return Progress.heard(this::at, deed);
  }

  private void at(long done, long total) {
    if (unwanted) {
      throw new CancellationException("given up");
    }
    Executor teller = fx;
    long now = System.nanoTime();
    if (total > 0 && teller != null && now - reported >= OFTEN) {
      reported = now;
      double part = Math.clamp((double) done / total, 0, 1);
      teller.execute(() -> share.set(part));
    }
  }
}
