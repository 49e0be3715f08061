package org.iommulab.lab;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;

/** A laboratory on its own thread. Every method may be called from any thread. */
public final class LabSession implements AutoCloseable {

  private final Laboratory laboratory;
  private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<Laboratory>> recorders = new CopyOnWriteArrayList<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("laboratory").unstarted(task));

  /** A session with an empty laboratory. */
  public LabSession() {
    this(new Laboratory());
  }

  /** A session that takes over a laboratory; nobody else may use it from now on. */
  public LabSession(Laboratory laboratory) {
    this.laboratory = laboratory;
  }

  /** Executes one command. */
  public CompletableFuture<Result> submit(Command command) {
    return change(lab -> lab.execute(command));
  }

  /**
   * Does something to the laboratory, such as {@code Laboratory::undo}; listeners are told. Work
   * that is given up in the middle changes nothing.
   */
  public <T> CompletableFuture<T> change(Function<Laboratory, T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          long before = laboratory.snapshot();
          try {
            return laboratory.wholly(work);
          } finally {
            long after = laboratory.snapshot();
            if (after != before) {
              recorders.forEach(recorder -> recorder.accept(laboratory));
              listeners.forEach(listener -> listener.accept(after));
            }
          }
        },
        thread);
  }

  /** Looks at the present state. */
  public <T> CompletableFuture<T> ask(Function<LabView, T> question) {
    return CompletableFuture.supplyAsync(() -> question.apply(laboratory.view()), thread);
  }

  /** Tells {@code listener} the new snapshot number after every change, on the lab's thread. */
  public void listen(LongConsumer listener) {
    listeners.add(listener);
  }

  /**
   * Shows {@code recorder} the laboratory now and after every change, on the lab's thread, before
   * anybody hears what the change came to.
   */
  public void record(Consumer<Laboratory> recorder) {
    change(
        lab -> {
          recorders.add(recorder);
          recorder.accept(lab);
          return true;
        });
  }

  /** Stops telling a listener. */
  public void forget(LongConsumer listener) {
    listeners.remove(listener);
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
