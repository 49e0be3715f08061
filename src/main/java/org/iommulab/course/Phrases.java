package org.iommulab.course;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** All texts of a lesson. */
final class Phrases {

  private Phrases() {}

  static Stream<Phrase> of(Lesson lesson) {
    return Stream.of(
            Stream.of(lesson.title(), lesson.goal()),
            Stream.ofNullable(lesson.corrects()),
            Stream.ofNullable(lesson.intro()),
            lesson.terms().stream(),
            lesson.steps().stream().flatMap(Phrases::of))
        .flatMap(phrases -> phrases);
  }

  static Stream<Phrase> of(Lesson.Step step) {
    return Stream.of(
            Stream.of(step.title()),
            Stream.ofNullable(step.note()),
            Stream.ofNullable(step.why()),
            step.asks().stream().flatMap(Phrases::of))
        .flatMap(phrases -> phrases);
  }

  private static Stream<Phrase> of(Question question) {
    return Stream.of(
            Stream.of(question.text()),
            question.options().stream().map(Question.Option::text),
            question.hints().stream(),
            question.unless().values().stream())
        .flatMap(phrases -> phrases);
  }

  /** The languages that every text has. */
  static Set<String> common(Lesson lesson) {
    var common = new TreeSet<>(Phrase.LANGUAGES);
    of(lesson).forEach(phrase -> common.retainAll(phrase.languages()));
    return common;
  }
}
