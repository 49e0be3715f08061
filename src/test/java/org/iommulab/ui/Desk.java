package org.iommulab.ui;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.iommulab.lab.LabSession;
import org.iommulab.ui.busy.Works;

/** A laboratory with a stand-in for the JavaFX thread, for view models without a toolkit. */
public final class Desk implements AutoCloseable {

  private final Deque<Runnable> tasks = new ArrayDeque<>();

  /** Under the face. */
  public final LabSession session = new LabSession();

  /** Runs tasks when {@link #settle} is called. */
  public final Executor fx =
      task -> {
        synchronized (tasks) {
          tasks.add(task);
        }
      };

  /** What it works on. */
  public final Works works = new Works(fx);

  /** The face under test. */
  public final LabModel model;

  public Desk() {
    this(new Selection());
  }

  /** A desk with a selection that decides whom panes show. */
  public Desk(Selection selection) {
    model = new LabModel(session, fx, selection, works);
    model.setOnMistake(
        mistake -> {
          throw new AssertionError(mistake);
        });
    settle();
  }

  /** Waits until every question is answered and every answer has arrived. */
  public void settle() {
    for (int quiet = 0; quiet < 3; ) {
      session.change(lab -> lab.position()).join();
      quiet = runTasks() ? 0 : quiet + 1;
      LockSupport.parkNanos(1);
    }
  }

  /** Runs what has arrived, without asking the laboratory. */
  public void deliver() {
    runTasks();
  }

  private boolean runTasks() {
    boolean any = false;
    while (true) {
      Runnable task;
      synchronized (tasks) {
        task = tasks.poll();
      }
      if (task == null) {
        return any;
      }
      task.run();
      any = true;
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
