package org.iommulab.ui.learn;

import java.util.List;
import org.iommulab.ui.view.part.Phrase;

/**
 * What the start page has.
 *
 * @param first what to do first: go on, or begin
 * @param sections from the top, the last being one's own lessons
 */
record StartPage(First first, List<Section> sections) {

  /** The page while it does not show. */
  static final StartPage NONE = new StartPage(new First("", Phrase.NONE, () -> {}), List.of());

  StartPage {
    sections = List.copyOf(sections);
  }

  /** A button for what most people want. */
  record First(String id, Phrase words, Runnable open) {}

  /**
   * Cards under a heading.
   *
   * @param numbered whether the cards are to be gone through in order
   */
  record Section(String titleKey, List<Shelf.Item> items, boolean numbered) {
    Section {
      items = List.copyOf(items);
    }
  }
}
