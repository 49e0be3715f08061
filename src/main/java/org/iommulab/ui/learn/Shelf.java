package org.iommulab.ui.learn;

import java.util.List;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.words.Bilingual;

/** A section of the start page; registered in a Guice set. */
public interface Shelf {

  /**
   * Something to choose.
   *
   * @param id stable, such as {@code exercise-slots}; its button is {@code #learn-ID}
   * @param title one line
   * @param summary one or two sentences
   * @param figures how far one has come, in a few words
   * @param done how much of it, from 0 to 1; 0 if that is not counted
   * @param open what choosing it does
   */
  record Item(
      String id, Bilingual title, Bilingual summary, Phrase figures, double done, Runnable open) {}

  /** Key of its heading. */
  String titleKey();

  /** Key of what one thing on it is called. */
  String kindKey();

  /** Position among the sections, ascending; lessons have 10, own lessons 90. */
  int order();

  /** What stands on it. */
  List<Item> items();
}
