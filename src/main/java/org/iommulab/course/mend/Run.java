package org.iommulab.course.mend;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.check.Violation;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Script;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * What came of an entry with one form of its driver.
 *
 * @param refused why it could not be carried out; null if it could
 * @param looked what every check of the trial found
 * @param findings invariants that do not hold, but for what software has yet to invalidate
 * @param advice rules of the advisor that spoke without being asked
 * @param met what came of each operation of the trial: how requests ended, errors of calls
 * @param left what the driver left in the units before the trial
 * @param errors what the units report in the end
 */
record Run(
    @Nullable String refused,
    List<Looked> looked,
    Set<String> findings,
    Set<String> advice,
    List<String> met,
    Aftermath left,
    Set<String> errors) {

  /** One check and what was there. */
  record Looked(Probe.Check check, @Nullable Object actual, boolean well, boolean sick) {}

  static Run of(Ailment ailment, String script) {
    var laboratory = new Laboratory();
    laboratory.setAdvised(true);
    var done = new ArrayList<Command>();
    var failed = new TreeSet<String>();
    String refused = execute(laboratory, "setup", String.join("\n", ailment.setup()), done, failed);
    if (refused == null) {
      done.clear();
      failed.clear();
      refused = execute(laboratory, ailment.name(), script, done, failed);
    }
    if (refused != null) {
      return refused(refused, List.of());
    }
    Aftermath left = Aftermath.of(laboratory.view(), done, failed);
    var looked = new ArrayList<Looked>();
    var met = new ArrayList<String>();
    for (Probe probe : ailment.trial()) {
      switch (probe) {
        case Probe.Act act -> {
          Result result = laboratory.execute(act.command());
          if (result instanceof Result.Refused(Bilingual sentence)) {
            return refused(sentence.english(), looked);
          }
          met.add(act.command().op() + ": " + end(result));
        }
        case Probe.Check check -> {
          Result well = laboratory.execute(new Command.Expect(check.path(), check.well()));
          Result sick = laboratory.execute(new Command.Expect(check.path(), check.sick()));
          if (well instanceof Result.Refused(Bilingual sentence)) {
            return refused(sentence.english(), looked);
          }
          Object actual = well instanceof Result.Checked checked ? checked.actual() : null;
          looked.add(new Looked(check, actual, well.succeeded(), sick.succeeded()));
        }
      }
    }
    return new Run(
        null,
        looked,
        findings(laboratory),
        advice(laboratory),
        met,
        left,
        Aftermath.errors(laboratory.view()));
  }

  private static Run refused(String sentence, List<Looked> looked) {
    return new Run(sentence, looked, Set.of(), Set.of(), List.of(), Aftermath.NONE, Set.of());
  }

  private static String name(Command command) {
    return switch (command) {
      case Command.Call call -> call.fn();
      case Command.Ioctl ioctl -> ioctl.cmd();
      default -> command.op();
    };
  }

  private static String end(Result result) {
    return switch (result) {
      case Result.Dma dma -> dma.st();
      case Result.Returned call when call.errno() != null -> call.errno();
      default -> "done";
    };
  }

  private static @Nullable String execute(
      Laboratory laboratory, String name, String text, List<Command> done, Set<String> failed) {
    return switch (Script.parse(name, text)) {
      case Reading.Bad<Script>(Bilingual sentence) -> sentence.english();
      case Reading.Good<Script>(Script script) -> {
        for (Command command : script.commands()) {
          Result result = laboratory.execute(command);
          if (result instanceof Result.Refused(Bilingual sentence)) {
            yield sentence.english();
          }
          if (result instanceof Result.Returned call && call.errno() != null) {
            failed.add(name(command) + ": " + call.errno());
          }
          done.add(command);
        }
        yield null;
      }
    };
  }

  private static Set<String> findings(Laboratory laboratory) {
    var found = new TreeSet<String>();
    var view = laboratory.view();
    for (Violation finding : view.violations()) {
      found.add(finding.rule() + (finding.excused() ? " excused" : ""));
    }
    return found;
  }

  private static Set<String> advice(Laboratory laboratory) {
    var rules = new TreeSet<String>();
    for (Advice advice : laboratory.adviceAtEnd()) {
      if (!advice.rule().review()) {
        rules.add(advice.rule().id());
      }
    }
    return rules;
  }

  /** Whether everything that shows the bug is as with the bug. */
  boolean showsSymptom() {
    return refused == null
        && looked.stream().allMatch(one -> one.check().symptom() ? one.sick() : one.well());
  }
}
