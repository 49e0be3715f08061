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
import org.jspecify.annotations.Nullable;

/**
 * What came of an entry with one form of its driver.
 *
 * @param refused why it could not be carried out; null if it could
 * @param looked what every check of the trial found
 * @param findings invariants that do not hold, but for what software has yet to invalidate
 * @param advice rules of the advisor that spoke without being asked
 */
record Run(
    @Nullable String refused, List<Looked> looked, Set<String> findings, Set<String> advice) {

  /** One check and what was there. */
  record Looked(Probe.Check check, @Nullable Object actual, boolean well, boolean sick) {}

  static Run of(Ailment ailment, String script) {
    var laboratory = new Laboratory();
    laboratory.setAdvised(true);
    String refused = execute(laboratory, "setup", String.join("\n", ailment.setup()));
    if (refused == null) {
      refused = execute(laboratory, ailment.name(), script);
    }
    if (refused != null) {
      return new Run(refused, List.of(), Set.of(), Set.of());
    }
    var looked = new ArrayList<Looked>();
    for (Probe probe : ailment.trial()) {
      switch (probe) {
        case Probe.Act act -> {
          if (laboratory.execute(act.command()) instanceof Result.Refused(String sentence)) {
            return new Run(sentence, looked, Set.of(), Set.of());
          }
        }
        case Probe.Check check -> {
          Result well = laboratory.execute(new Command.Expect(check.path(), check.well()));
          Result sick = laboratory.execute(new Command.Expect(check.path(), check.sick()));
          if (well instanceof Result.Refused(String sentence)) {
            return new Run(sentence, looked, Set.of(), Set.of());
          }
          Object actual = well instanceof Result.Checked checked ? checked.actual() : null;
          looked.add(new Looked(check, actual, well.succeeded(), sick.succeeded()));
        }
      }
    }
    return new Run(null, looked, findings(laboratory), advice(laboratory));
  }

  private static @Nullable String execute(Laboratory laboratory, String name, String text) {
    return switch (Script.parse(name, text)) {
      case Reading.Bad<Script>(String sentence) -> sentence;
      case Reading.Good<Script>(Script script) -> {
        for (Command command : script.commands()) {
          if (laboratory.execute(command) instanceof Result.Refused(String sentence)) {
            yield sentence;
          }
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
