package org.iommulab.course.exercise;

import java.util.List;
import org.iommulab.lab.script.Preset.Words;

/**
 * A question about a machine state, with what is needed to answer it by hand.
 *
 * @param kind name of its kind
 * @param seed from which it was drawn
 * @param text what is asked
 * @param tables what the machine shows
 * @param answers what the laboratory says, in the order asked
 */
public record Exercise(
    String kind, long seed, Words text, List<Table> tables, List<Answer> answers) {

  /** A table to be drawn: a caption, names of columns, rows. */
  public record Table(String caption, List<String> columns, List<List<String>> rows) {
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  /**
   * One line to fill in.
   *
   * @param key what the laboratory did
   * @param byHand what follows from how the state was drawn, without the laboratory
   */
  public record Answer(Words label, String key, String byHand) {}

  public Exercise {
    tables = List.copyOf(tables);
    answers = List.copyOf(answers);
  }
}
