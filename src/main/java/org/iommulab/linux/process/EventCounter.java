package org.iommulab.linux.process;

import org.jspecify.annotations.Nullable;

/** An {@code eventfd}: whoever holds it can wake those who wait for it. */
public abstract class EventCounter extends OpenFile {

  /** A counter opened under that path, with one reference. */
  protected EventCounter(String path) {
    super(path);
  }

  /** Keeps the counter for the kernel ({@code eventfd_ctx_fdget()}); null if that fails. */
  public abstract @Nullable Held hold();

  /** A counter in the hands of the kernel. */
  public interface Held {

    /** Adds 1 ({@code eventfd_signal()}). */
    void signal();

    /** Has an action carried out whenever somebody else adds to it, until it is given back. */
    void onSignal(Runnable action);

    /** Gives it back ({@code eventfd_ctx_put()}). */
    void release();
  }
}
