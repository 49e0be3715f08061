package org.iommulab.ui.busy;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.concurrent.Executor;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/** All work under way, in the order in which it began. Belongs to the JavaFX thread. */
@Singleton
public final class Works {

  private final Executor fx;
  private final ObservableList<Work> running = FXCollections.observableArrayList();
  private final ObservableList<Work> shown = FXCollections.unmodifiableObservableList(running);

  /** No work yet. */
  @Inject
  public Works(@FxThread Executor fx) {
    this.fx = fx;
  }

  /** What is under way. */
  public ObservableList<Work> running() {
    return shown;
  }

  /** Work begins, or waits for its turn. */
  public void begin(Work work) {
    work.tellThrough(fx);
    running.add(work);
  }

  /** Work is over, however it went. */
  public void end(Work work) {
    running.remove(work);
  }
}
