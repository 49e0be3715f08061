package org.iommulab.course;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What was found while a lesson was read: its texts, and what is wrong with it. */
final class Findings {

  private record Said(int line, Phrase phrase) {}

  private final List<Fault> faults = new ArrayList<>();
  private final List<Said> texts = new ArrayList<>();

  void fault(int line, String sentence) {
    faults.add(new Fault(line, sentence));
  }

  void said(int line, Phrase phrase) {
    texts.add(new Said(line, phrase));
  }

  /** Complains about texts that lack a language that the lesson claims. */
  void claim(Set<String> languages) {
    for (Said said : texts) {
      for (String language : languages) {
        if (!said.phrase().languages().contains(language)) {
          fault(
              said.line(),
              String.format(
                  Locale.ROOT,
                  "the title is in %s, but this text is not in %s",
                  String.join(" and ", languages),
                  language));
        }
      }
    }
  }

  List<Fault> faults() {
    return faults;
  }
}
