package org.iommulab.acpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Sentences about what is odd, in the order they were found. */
final class Findings {

  private final List<String> sentences = new ArrayList<>();

  /** Notes a sentence if it is so. */
  void when(boolean odd, String sentence, Object... facts) {
    if (odd) {
      sentences.add(String.format(Locale.ROOT, sentence, facts));
    }
  }

  List<String> list() {
    return List.copyOf(sentences);
  }
}
