package org.iommulab.course;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What was found while a lesson was read: its texts, and what is wrong with it. */
final class Findings {

  /** The languages a text can have. */
  static final Set<String> LANGUAGES = Set.of("en", "zh");

  private record Said(int line, Set<String> languages) {}

  private final List<Fault> faults = new ArrayList<>();
  private final Set<String> common = new TreeSet<>(LANGUAGES);
  private final List<Said> texts = new ArrayList<>();

  void fault(int line, String sentence) {
    faults.add(new Fault(line, sentence));
  }

  /** Notes the languages of a text; those of an option are not claimed by the title. */
  void said(int line, Set<String> languages) {
    texts.add(new Said(line, languages));
    spoken(languages);
  }

  /** Notes the languages of a text that may lack one. */
  void spoken(Set<String> languages) {
    common.retainAll(languages);
  }

  /** The languages that every text has. */
  Set<String> common() {
    return common;
  }

  /** Complains about texts that lack a language of the title, which is read first. */
  void claim() {
    Set<String> languages = texts.getFirst().languages();
    for (Said said : texts) {
      for (String language : languages) {
        if (!said.languages().contains(language)) {
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
