package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import org.iommulab.course.exercise.Exercises;
import org.iommulab.ui.learn.Shelf;
import org.iommulab.ui.view.part.Phrase;

/** The kinds of exercises. */
@Singleton
public final class ExerciseShelf implements Shelf {

  private final ExerciseModel model;
  private final PracticeScore score;

  @Inject
  public ExerciseShelf(ExerciseModel model, PracticeScore score) {
    this.model = model;
    this.score = score;
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
    Phrase figures =
        answered == 0
            ? Phrase.of("practice.fresh")
            : Phrase.of("practice.right-of", score.right(kind.name()), answered);
    return new Item(
        "exercise-" + kind.name(), kind.title(), kind.about(), figures, 0, () -> model.begin(kind));
  }
}
