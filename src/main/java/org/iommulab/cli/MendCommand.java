package org.iommulab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.iommulab.course.mend.Ailment;
import org.iommulab.course.mend.Catalogue;
import org.iommulab.course.mend.Judge;
import org.iommulab.course.mend.Verdict;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Nearest;
import org.iommulab.lab.script.TextFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab mend}: broken drivers to mend, and what the judge says of a repair. */
@Command(
    name = "mend",
    description = {
      "Without ENTRY: list the broken drivers. With ENTRY: print its script, the symptom beside it"
          + " on standard error.",
      "With ENTRY and SCRIPT: judge the mended script; exit code 0 if it passes, 1 if not.",
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class MendCommand implements Callable<Integer> {

  /** Repairs are scripts of a screen or two. */
  private static final int MOST_MIB = 4;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print the list or the verdict as JSON.")
  private boolean json;

  @Option(names = "--lang", paramLabel = "en|zh", description = "Language of titles and reasons.")
  private Language lang = Language.en;

  @Option(names = "--why", description = "Tell the bug and its repair as well.")
  private boolean why;

  @Parameters(paramLabel = "ENTRY", arity = "0..1", description = "Name of an entry.")
  private @Nullable String entry;

  @Parameters(
      index = "1",
      paramLabel = "SCRIPT",
      converter = InputFile.class,
      arity = "0..1",
      description = "The mended script.")
  private @Nullable Path file;

  @Override
  public Integer call() {
    String name = entry;
    PrintWriter out = spec.commandLine().getOut();
    if (name == null) {
      Catalogue.all().forEach(one -> out.println(listed(one)));
      return CommandLine.DONE;
    }
    var found = Catalogue.named(name.replaceFirst("^break-it/", ""));
    if (found.isEmpty()) {
      List<String> names = Catalogue.all().stream().map(Ailment::name).toList();
      return complain(
          "there is no entry \"" + name + "\"" + Nearest.hintOrAll(name, names, "entries"));
    }
    Path script = file;
    return script == null ? show(found.get()) : judge(found.get(), script);
  }

  private String listed(Ailment one) {
    if (json) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("name", one.name());
      fields.put("title", one.title().in(lang.name()));
      fields.put("difficulty", (long) one.difficulty());
      fields.put("source", one.source());
      return Json.write(fields);
    }
    return String.format(
        Locale.ROOT, "%-28s %d  %s", one.name(), one.difficulty(), one.title().in(lang.name()));
  }

  private int show(Ailment one) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(one.title().in(lang.name()));
    err.println(one.symptom().in(lang.name()));
    Judge.symptom(one)
        .forEach((path, value) -> err.println("  " + path + lang.of(" is ", " 是 ") + value));
    err.println(one.question().in(lang.name()));
    if (why) {
      err.println(one.why().in(lang.name()));
      err.println(one.source());
    }
    err.println();
    spec.commandLine().getOut().print(one.scriptText());
    return CommandLine.DONE;
  }

  private int judge(Ailment one, Path script) {
    String text;
    try {
      text = TextFile.read(script, MOST_MIB);
    } catch (Complaint e) {
      return complain(e.sentence() + "; give the script that you mended");
    }
    Verdict verdict = Judge.judge(one, text);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(fields(one, verdict)));
    } else {
      out.println(verdict.passes() ? lang.of("mended", "已修好") : lang.of("not mended", "尚未修好"));
      out.println(said("symptom gone", "症状消失", verdict.symptomGone()));
      out.println(said("invariants hold", "不变式成立", verdict.invariantsHold()));
      out.println(said("nothing else changed", "其他没有改变", verdict.nothingElseChanged()));
      out.println(said("the advisor is content", "顾问没有异议", verdict.advisorContent()));
      out.println(
          String.format(
              Locale.ROOT,
              lang.of("lines changed: %d of at most %d", "改动 %d 行，最多 %d 行"),
              verdict.changedLines(),
              verdict.allowedLines()));
      verdict.reasons().forEach(reason -> out.println(reason.in(lang.name())));
    }
    return verdict.passes() ? CommandLine.DONE : CommandLine.EXPECTATION_FAILED;
  }

  private LinkedHashMap<String, Object> fields(Ailment one, Verdict verdict) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("entry", one.name());
    fields.put("passes", verdict.passes());
    fields.put("symptom_gone", verdict.symptomGone());
    fields.put("invariants_hold", verdict.invariantsHold());
    fields.put("nothing_else_changed", verdict.nothingElseChanged());
    fields.put("advisor_content", verdict.advisorContent());
    fields.put("changed_lines", (long) verdict.changedLines());
    fields.put("allowed_lines", (long) verdict.allowedLines());
    fields.put(
        "reasons", verdict.reasons().stream().map(reason -> reason.in(lang.name())).toList());
    return fields;
  }

  private String said(String english, String chinese, boolean holds) {
    return lang.of(english + ": ", chinese + "：")
        + (holds ? lang.of("yes", "是") : lang.of("no", "否"));
  }

  private int complain(String sentence) {
    Messages.say(spec.commandLine().getErr(), sentence);
    return CommandLine.BAD_INPUT;
  }
}
