package org.iommulab.course.exercise;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.lab.language.Command;
import org.iommulab.words.Bilingual;

/**
 * A question about a machine state, with what is needed to answer it by hand.
 *
 * @param kind name of its kind
 * @param seed from which it was drawn
 * @param text what is asked
 * @param tables what the machine shows
 * @param answers what the laboratory says, in the order asked
 * @param machine the commands that lead to the state, and to the answer
 */
public record Exercise(
    String kind,
    long seed,
    Bilingual text,
    List<Table> tables,
    List<Answer> answers,
    List<Command> machine) {

  /** A table to be drawn: a caption, names of columns, rows. */
  public record Table(Bilingual caption, List<Bilingual> columns, List<List<Bilingual>> rows) {
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
    }

    /** A table whose cells are the same in every language. */
    static Table of(Bilingual caption, List<Bilingual> columns, List<List<String>> rows) {
      return new Table(
          caption,
          columns,
          rows.stream().map(row -> row.stream().map(Bilingual::same).toList()).toList());
    }
  }

  /** How what was written is compared with the key. */
  enum Order {
    /** Several words stand in the order asked for. */
    KEPT,
    /** Several words may stand in any order. */
    ANY
  }

  /**
   * One line to fill in.
   *
   * @param key what the laboratory did
   * @param byHand what follows from how the state was drawn, without the laboratory
   */
  public record Answer(Bilingual label, String key, String byHand, Order order) {

    /**
     * Whether what somebody has written is the key: letters, underscores and separators do not
     * matter, a number may be decimal or hexadecimal; where the key is hexadecimal, so is a number
     * without a prefix.
     */
    public boolean accepts(String given) {
      var wanted = words(key);
      var said = words(given);
      if (said.size() == 1 && wanted.size() == said.getFirst().length() && areLetters(wanted)) {
        said = words(String.join(" ", said.getFirst().split("")));
      }
      if (wanted.size() != said.size()) {
        return false;
      }
      if (order == Order.KEPT) {
        for (int i = 0; i < wanted.size(); i++) {
          if (!same(wanted.get(i), said.get(i))) {
            return false;
          }
        }
        return true;
      }
      for (String word : wanted) {
        if (!removeFirst(said, word)) {
          return false;
        }
      }
      return true;
    }

    private static boolean areLetters(List<String> words) {
      return words.stream()
          .allMatch(word -> word.length() == 1 && Character.isLetter(word.charAt(0)));
    }

    private static boolean removeFirst(List<String> said, String word) {
      for (int i = 0; i < said.size(); i++) {
        if (same(word, said.get(i))) {
          said.remove(i);
          return true;
        }
      }
      return false;
    }

    private static List<String> words(String text) {
      var words = new ArrayList<String>();
      for (String word : text.toLowerCase(Locale.ROOT).replace("_", "").split("[\\s,;，；、]+")) {
        if (!word.isEmpty()) {
          words.add(word);
        }
      }
      return words;
    }

    private static boolean same(String key, String given) {
      if (key.equals(given)) {
        return true;
      }
      boolean hexadecimal = key.matches("0x[0-9a-f]{1,16}");
      if (!hexadecimal && !key.matches("\\d{1,18}")) {
        return false;
      }
      String digits = given.startsWith("0x") ? given.substring(2) : given;
      if (hexadecimal || given.startsWith("0x")) {
        return digits.matches("[0-9a-f]{1,16}")
            && Long.parseUnsignedLong(digits, 16)
                == (hexadecimal
                    ? Long.parseUnsignedLong(key.substring(2), 16)
                    : Long.parseLong(key));
      }
      return digits.matches("\\d{1,18}") && Long.parseLong(digits) == Long.parseLong(key);
    }
  }

  public Exercise {
    tables = List.copyOf(tables);
    answers = List.copyOf(answers);
    machine = List.copyOf(machine);
  }

  /** What a session calls one of its lines, such as {@code exercise/translate/7/1}. */
  public String sessionName(int line) {
    return String.format(Locale.ROOT, "exercise/%s/%d/%d", kind, seed, line + 1);
  }
}
