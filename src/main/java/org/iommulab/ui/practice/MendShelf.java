package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import org.iommulab.course.mend.Ailment;
import org.iommulab.course.mend.Catalogue;
import org.iommulab.ui.learn.Shelf;
import org.iommulab.ui.view.part.Phrase;

/** The catalogue of broken drivers and machines. */
@Singleton
public final class MendShelf implements Shelf {

  private static final Phrase BEFORE = Phrase.of("practice.mended-before");

  private final MendModel model;
  private final PracticeScore score;

  @Inject
  public MendShelf(MendModel model, PracticeScore score) {
    this.model = model;
    this.score = score;
  }

  @Override
  public String titleKey() {
    return "practice.catalogue";
  }

  @Override
  public String kindKey() {
    return "palette.mend";
  }

  @Override
  public int order() {
    return 30;
  }

  @Override
  public List<Item> items() {
    return Catalogue.all().stream().map(this::item).toList();
  }

  private Item item(Ailment one) {
    Phrase difficulty = Phrase.of("practice.difficulty", one.difficulty());
    Phrase figures =
        score.isMended(one.name()) ? Phrase.join(List.of(difficulty, BEFORE), " · ") : difficulty;
    return new Item(
        "break-it-" + one.name(), one.title(), one.symptom(), figures, 0, () -> model.begin(one));
  }
}
