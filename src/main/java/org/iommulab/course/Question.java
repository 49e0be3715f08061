package org.iommulab.course;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * A question of a lesson. Its right answer is read from the state of the laboratory.
 *
 * @param id unique in the lesson
 * @param kind what an answer is
 * @param text the question
 * @param options what can be chosen; empty unless it is a choice
 * @param answer where the right answer is read
 * @param hints from the gentlest to the plainest
 * @param unless what a wrong answer overlooks, by the answer; {@code other} for all others
 * @param mask the bits of a raw entry that count
 * @param layout name of the bit layout of an entry, or null
 * @param line where it stands in the file
 */
public record Question(
    String id,
    Kind kind,
    Bilingual text,
    List<Option> options,
    Answer answer,
    List<Bilingual> hints,
    Map<String, Bilingual> unless,
    long mask,
    @Nullable String layout,
    int line) {

  /** What an answer is. */
  public enum Kind {
    /** The id of one of the options. */
    CHOICE,
    /** A count or another plain number. */
    NUMBER,
    /** An address. */
    ADDRESS,
    /** The name of an error, or {@code none}. */
    ERRNO,
    /** A raw table entry, 64 bits. */
    ENTRY,
    /** The code of a fault reason. */
    REASON,
    /** A thing clicked in a pane: its address, page, function or line. */
    CLICK
  }

  /** One of several answers. */
  public record Option(String is, Bilingual text) {}

  /** When the state is read. */
  public enum When {
    /** As the learner sees it while being asked. */
    NOW,
    /** After the commands of the next step: the question asks for a prediction. */
    AFTER
  }

  /** Where the right answer is read. */
  public sealed interface Answer {
    /** When the state is read. */
    When when();
  }

  /**
   * What a path has.
   *
   * @param where fields an element of the path's list must have, empty to take the path as it is
   * @param field the field of the last such element that is the answer, or null
   */
  public record Value(When when, String path, Map<String, Object> where, @Nullable String field)
      implements Answer {}

  /** The option whose conditions hold. */
  public record Cases(When when, Map<String, List<Condition>> cases) implements Answer {
    public Cases {
      cases = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(cases));
    }
  }

  /** The command since which the conditions hold, the answer being its line in the journal. */
  public record Since(List<Condition> conditions) implements Answer {
    @Override
    public When when() {
      return When.NOW;
    }
  }

  /** What answers have no reason of their own. */
  public static final String OTHER = "other";

  public Question {
    options = List.copyOf(options);
    hints = List.copyOf(hints);
    unless = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(unless));
  }

  /** Tells whether it is asked before what it asks for happens. */
  public boolean isPrediction() {
    return answer.when() == When.AFTER;
  }

  /** What a wrong answer overlooks. */
  public Optional<Bilingual> reason(Object given) {
    Long number = Numbers.of(given);
    for (var entry : unless.entrySet()) {
      Long other = Numbers.of(entry.getKey());
      boolean same =
          number != null && other != null
              ? number.equals(other)
              : given.toString().equals(entry.getKey());
      if (same) {
        return Optional.of(entry.getValue());
      }
    }
    return Optional.ofNullable(unless.get(OTHER));
  }
}
