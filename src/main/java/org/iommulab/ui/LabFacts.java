package org.iommulab.ui;

import java.util.List;
import java.util.Optional;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.LabView;
import org.iommulab.lab.language.Command;

/**
 * A few facts about one snapshot.
 *
 * @param snapshot its number
 * @param timeNs virtual time in nanoseconds since power-on
 * @param commands length of the journal, undone commands included
 * @param position how many of them are in effect
 * @param last the latest command in effect that did something: notes and checks do not count
 * @param live false for opened evidence that was not forked
 * @param source name of the opened evidence
 */
public record LabFacts(
    long snapshot,
    long timeNs,
    int commands,
    int position,
    Optional<JournalEntry> last,
    boolean live,
    Optional<String> source) {

  /** Before the first answer. */
  public static final LabFacts NONE =
      new LabFacts(0, 0, 0, 0, Optional.empty(), true, Optional.empty());

  /** The facts of the present state. */
  static LabFacts of(LabView view) {
    return new LabFacts(
        view.snapshot(),
        view.timeNs(),
        view.journal().size(),
        view.position(),
        lastDeed(view.journal(), view.position()),
        view.isLive(),
        view.source());
  }

  /** The latest command in effect at a position that did something. */
  public static Optional<JournalEntry> lastDeed(List<JournalEntry> journal, int position) {
    for (int i = position - 1; i >= 0; i--) {
      if (!isRemark(journal.get(i))) {
        return Optional.of(journal.get(i));
      }
    }
    return Optional.empty();
  }

  /** Notes and checks change nothing; going back or forth passes over them. */
  static boolean isRemark(JournalEntry entry) {
    return switch (entry.command()) {
      case Command.Note note -> true;
      case Command.Expect expect -> true;
      case Command.Answer answer -> true;
      case Command.Hint hint -> true;
      default -> false;
    };
  }

  /** Tells whether a command can be taken back. */
  public boolean canUndo() {
    return last.isPresent();
  }

  /** Tells whether something was undone. */
  public boolean canRedo() {
    return position < commands;
  }
}
