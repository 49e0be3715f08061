package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import org.iommulab.course.mend.Ailment;
import org.iommulab.course.mend.Catalogue;
import org.iommulab.ui.Texts;
import org.iommulab.ui.learn.Shelf;

/** The catalogue of broken drivers and machines. */
@Singleton
public final class MendShelf implements Shelf {

  private final MendModel model;
  private final PracticeScore score;
  private final Texts texts;

  @Inject
  public MendShelf(MendModel model, PracticeScore score, Texts texts) {
    this.model = model;
    this.score = score;
    this.texts = texts;
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
    String figures =
        texts.get("practice.difficulty", one.difficulty())
            + (score.isMended(one.name()) ? " · " + texts.get("practice.mended-before") : "");
    return new Item(
        "break-it-" + one.name(), one.title(), one.symptom(), figures, () -> model.begin(one));
  }
}
