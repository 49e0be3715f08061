package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import org.iommulab.course.exercise.Exercises;
import org.iommulab.ui.Texts;
import org.iommulab.ui.learn.Shelf;

/** The kinds of exercises. */
@Singleton
public final class ExerciseShelf implements Shelf {

  private final ExerciseModel model;
  private final PracticeScore score;
  private final Texts texts;

  @Inject
  public ExerciseShelf(ExerciseModel model, PracticeScore score, Texts texts) {
    this.model = model;
    this.score = score;
    this.texts = texts;
  }

  @Override
  public String titleKey() {
    return "practice.exercises";
  }

  @Override
  public String kindKey() {
    return "palette.practice";
  }

  @Override
  public int order() {
    return 20;
  }

  @Override
  public List<Item> items() {
    return Exercises.all().stream().map(this::item).toList();
  }

  private Item item(Exercises.Kind kind) {
    int answered = score.answered(kind.name());
    String figures =
        answered == 0
            ? texts.get("practice.fresh")
            : texts.get("practice.right-of", score.right(kind.name()), answered);
    return new Item(
        "exercise-" + kind.name(), kind.title(), kind.about(), figures, () -> model.begin(kind));
  }
}
