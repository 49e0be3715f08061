package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import javafx.beans.binding.Bindings;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;

/** Back to the exercise or broken driver from the workbench. */
@Singleton
public final class PracticeActions implements ActionSource {

  private final ExerciseModel exercises;
  private final MendModel mend;

  @Inject
  public PracticeActions(ExerciseModel exercises, MendModel mend) {
    this.exercises = exercises;
    this.mend = mend;
  }

  @Override
  public List<Action> actions() {
    var nothing =
        Bindings.createStringBinding(
            () -> exercises.work().isEmpty() && mend.work().isEmpty() ? "reason.no-practice" : "",
            exercises.workProperty(),
            mend.workProperty());
    return List.of(Action.named("practice").shortcut("Shift+F9").blocked(nothing).runs(this::open));
  }

  /** What was worked at last. */
  private void open() {
    if (mend.work().isPresent()) {
      mend.open();
    } else {
      exercises.open();
    }
  }
}
