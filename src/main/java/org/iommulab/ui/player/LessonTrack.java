package org.iommulab.ui.player;

import java.util.List;
import java.util.Optional;
import org.iommulab.course.Lesson;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.language.Trait;

/**
 * Moves a laboratory along a lesson. Each step leaves a checkpoint behind it and going back is a
 * rewind to one, so that the journal keeps every answer. Runs on the laboratory's thread.
 */
final class LessonTrack {

  private final Lesson lesson;
  private final Laboratory lab;

  LessonTrack(Lesson lesson, Laboratory lab) {
    this.lesson = lesson;
    this.lab = lab;
  }

  /** Begins on a fresh laboratory, or where a journal of the lesson ends. */
  Optional<Result.Refused> begin(List<Command> journal) {
    lab.clear();
    journal.forEach(lab::execute);
    return done(lesson, lab.journal(), lab.position()) == 0 ? carryOut(0) : Optional.empty();
  }

  /** Goes to a step, counted from 0; answers the first refusal on the way. */
  Optional<Result.Refused> go(int step) {
    int at = done(lesson, lab.journal(), lab.position()) - 1;
    if (step < at) {
      return refused(lab.execute(new Command.Rewind(lesson.mark(step))));
    }
    if (at >= 0 && !isAtMark(at)) {
      // What somebody tried out in between must not derail the lesson.
      lab.execute(new Command.Rewind(lesson.mark(at)));
    }
    for (int next = at + 1; next <= step; next++) {
      Optional<Result.Refused> refused = carryOut(next);
      if (refused.isPresent()) {
        return refused;
      }
    }
    return Optional.empty();
  }

  private boolean isAtMark(int step) {
    for (int i = lab.position() - 1; i >= 0; i--) {
      Command command = lab.journal().get(i).command();
      if (mark(command).equals(lesson.mark(step))) {
        return true;
      }
      if (!command.is(Trait.OBSERVES)) {
        return false;
      }
    }
    return false;
  }

  private Optional<Result.Refused> carryOut(int step) {
    Optional<Result.Refused> refused = Optional.empty();
    for (Command command : lesson.steps().get(step).commands()) {
      Optional<Result.Refused> no = refused(lab.execute(command));
      refused = refused.or(() -> no);
    }
    lab.execute(new Command.Checkpoint(lesson.mark(step)));
    return refused;
  }

  private static Optional<Result.Refused> refused(Result result) {
    return result instanceof Result.Refused no ? Optional.of(no) : Optional.empty();
  }

  /** How many steps are in effect: what the latest mark in the journal says. */
  static int done(Lesson lesson, List<JournalEntry> journal, int position) {
    for (int i = position - 1; i >= 0; i--) {
      String mark = mark(journal.get(i).command());
      for (int step = 0; !mark.isEmpty() && step < lesson.steps().size(); step++) {
        if (lesson.mark(step).equals(mark)) {
          return step + 1;
        }
      }
    }
    return 0;
  }

  private static String mark(Command command) {
    return switch (command) {
      case Command.Checkpoint(String name) -> name;
      case Command.Rewind(String to) -> to;
      default -> "";
    };
  }
}
