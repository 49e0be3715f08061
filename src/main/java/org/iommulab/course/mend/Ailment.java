package org.iommulab.course.mend;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Script;
import org.iommulab.words.Bilingual;

/**
 * An entry of the catalogue: a driver with a bug.
 *
 * @param name of its file
 * @param symptom what is seen first
 * @param question where to look
 * @param why the bug, and why the repair mends it
 * @param source where it happened
 * @param difficulty 1: one look is enough; 2: two views; 3: caches or time
 * @param setup lines that make the machine ready; they stay as they are
 * @param script lines of the driver, to be mended
 * @param trial what is done and looked at afterwards
 * @param limit most lines that a repair may change
 * @param repair the reference
 * @param also other repairs that leave another state behind and are as right
 */
public record Ailment(
    String name,
    Bilingual title,
    Bilingual symptom,
    Bilingual question,
    Bilingual why,
    String source,
    int difficulty,
    List<String> setup,
    List<String> script,
    List<Probe> trial,
    int limit,
    List<Edit> repair,
    List<List<Edit>> also,
    List<Wrong> wrong) {

  /**
   * A repair that students try and that mends nothing.
   *
   * @param why what is wrong with it
   */
  record Wrong(Bilingual why, List<Edit> edits) {
    Wrong {
      edits = List.copyOf(edits);
    }
  }

  public Ailment {
    setup = List.copyOf(setup);
    script = List.copyOf(script);
    trial = List.copyOf(trial);
    repair = List.copyOf(repair);
    also = also.stream().map(List::copyOf).toList();
    wrong = List.copyOf(wrong);
  }

  /** What a session calls it when somebody mends it or asks for the reason. */
  public String sessionName() {
    return "break-it/" + name;
  }

  /** The driver with its bug, one operation a line. */
  public String scriptText() {
    return String.join("\n", script) + "\n";
  }

  /** Machine, broken driver and trial as one script whose expectations say that the bug shows. */
  public Reading<Script> broken() {
    String text = String.join("\n", setup) + "\n" + scriptText();
    return Script.parse(name, text)
        .then(
            parsed -> {
              var commands = new ArrayList<>(parsed.commands());
              trial.forEach(probe -> commands.add(command(probe)));
              return new Script(name, commands);
            });
  }

  private static Command command(Probe probe) {
    return switch (probe) {
      case Probe.Act(Command command) -> command;
      case Probe.Check check ->
          new Command.Expect(check.path(), check.symptom() ? check.sick() : check.well());
    };
  }

  /** The driver as the catalogue mends it. */
  public String mendedText() {
    return String.join("\n", Edit.apply(script, repair)) + "\n";
  }

  /** The driver with each repair that is right: the reference, then all others. */
  List<String> rightTexts() {
    return Stream.concat(Stream.of(repair), also.stream())
        .map(edits -> String.join("\n", Edit.apply(script, edits)) + "\n")
        .toList();
  }

  /** The driver with each of the repairs that mend nothing. */
  public List<String> wrongTexts() {
    return wrong.stream()
        .map(one -> String.join("\n", Edit.apply(script, one.edits())) + "\n")
        .toList();
  }
}
