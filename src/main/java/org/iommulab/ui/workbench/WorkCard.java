package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javafx.animation.PauseTransition;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.collections.ListChangeListener;
import javafx.concurrent.Task;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.util.Duration;
import org.controlsfx.control.TaskProgressView;
import org.iommulab.ui.Icons;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.busy.Work;
import org.iommulab.ui.busy.Works;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

/** The card above the status line with the work that takes long, each with its cancel button. */
@Singleton
final class WorkCard {

  /** Work that is done sooner is not worth a word. */
  private static final Duration PATIENCE = Duration.millis(300);

  /** Height of one line of work in em, and how many lines are seen at once. */
  private static final double LINE = 4.6;

  private static final int MOST_LINES = 3;

  private final Notices notices;
  private final Texts texts;
  private final Theme theme;
  private final TaskProgressView<Shown> view = new TaskProgressView<>();
  private final StackPane place = new StackPane();
  private final Map<Work, PauseTransition> waiting = new HashMap<>();
  private final Map<Work, Shown> shown = new HashMap<>();
  private final ReadOnlyDoubleWrapper share = new ReadOnlyDoubleWrapper(this, "share", 0);

  @Inject
  WorkCard(Works works, Notices notices, Texts texts, Theme theme) {
    this.notices = notices;
    this.texts = texts;
    this.theme = theme;
    view.setId("work-card");
    view.getStyleClass().add("floating");
    view.setGraphicFactory(this::sign);
    place.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    // What lies under it is clicked as ever once no work is shown.
    place.setPickOnBounds(false);
    view.setMaxSize(Region.USE_PREF_SIZE, Region.USE_PREF_SIZE);
    view.getTasks().addListener((ListChangeListener<Shown>) change -> fit());
    theme.scaleProperty().subscribe(scale -> fit());
    works
        .running()
        .addListener(
            (ListChangeListener<Work>)
                change -> {
                  while (change.next()) {
                    change.getAddedSubList().forEach(this::begun);
                    change.getRemoved().forEach(this::over);
                  }
                });
  }

  /** Where it stands; it is not there before there is work to show. */
  Node node() {
    return place;
  }

  /** How much of the first work shown is done; 0 if none is, {@link Work#UNKNOWN} if not known. */
  ReadOnlyDoubleProperty shareProperty() {
    return share.getReadOnlyProperty();
  }

  private void begun(Work work) {
    var patience = new PauseTransition(PATIENCE);
    waiting.put(work, patience);
    patience.setOnFinished(event -> show(work));
    patience.play();
  }

  private void show(Work work) {
    if (waiting.remove(work) != null) {
      var task = new Shown(work);
      shown.put(work, task);
      view.getTasks().add(task);
      Thread.startVirtualThread(task);
    }
  }

  private void over(Work work) {
    PauseTransition patience = waiting.remove(work);
    if (patience != null) {
      patience.stop();
    }
    Shown task = shown.remove(work);
    if (task != null) {
      task.over.countDown();
      view.getTasks().remove(task);
    }
  }

  private void fit() {
    int lines = Math.min(MOST_LINES, view.getTasks().size());
    double em = Theme.FONT_PIXELS * theme.scaleProperty().get();
    view.setPrefSize(30 * em, (LINE * lines + 2.2) * em);
    view.setVisible(lines > 0);
    if (lines > 0 && place.getChildren().isEmpty()) {
      place.getChildren().add(view);
    }
    share.unbind();
    if (lines > 0) {
      share.bind(view.getTasks().getFirst().work.shareProperty());
    } else {
      share.set(0);
    }
  }

  /**
   * The icon of a line; beside it the control puts a button whose words it knows in one language.
   */
  private Node sign(Shown task) {
    var icon = Icons.of(MaterialDesignP.PROGRESS_CLOCK, theme);
    icon.parentProperty()
        .subscribe(
            parent -> {
              if (parent instanceof BorderPane line
                  && line.getRight() instanceof ButtonBase cancel) {
                cancel.setId("work-cancel");
                cancel.setTooltip(null);
                cancel.textProperty().unbind();
                cancel.textProperty().bind(texts.observe("work.cancel"));
                cancel.setMinWidth(Region.USE_PREF_SIZE);
              }
            });
    return icon;
  }

  /** Work as the control wants it: a task that lasts as long as the work does elsewhere. */
  private final class Shown extends Task<Boolean> {

    private final Work work;
    private final CountDownLatch over = new CountDownLatch(1);

    Shown(Work work) {
      this.work = work;
      updateTitle(texts.get(work.textKey(), work.arguments()));
      work.shareProperty()
          .subscribe(
              part -> {
                double done = part.doubleValue();
                updateProgress(done, done < 0 ? -1 : 1);
                updateMessage(
                    done < 0
                        ? texts.get("work.begun")
                        : texts.get("work.share", Math.round(done * 100)));
              });
    }

    @Override
    protected Boolean call() throws InterruptedException {
      over.await();
      return true;
    }

    @Override
    protected void cancelled() {
      if (!work.isGivenUp()) {
        work.giveUp();
        notices.tell(Role.MUTED, () -> texts.get("work.given-up", getTitle()));
      }
    }
  }
}
