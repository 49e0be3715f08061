package org.iommulab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.evidence.casefile.Comparison;
import org.iommulab.words.Bilingual;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab compare}: what differs between two dumps, texts, logs or cases. */
@Command(
    name = "compare",
    description = {
      "Say what differs between two dumps, debugfs texts, logs or cases.",
      "Exit code 1 if anything does."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CompareCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--lang", paramLabel = "en|zh", description = "Language of the differences.")
  private Language lang = Language.en;

  @Parameters(
      index = "0",
      paramLabel = "BEFORE",
      converter = InputFile.class,
      description = "A dump, text, log, folder or archive.")
  private Path before = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "AFTER",
      converter = InputFile.class,
      description = "Another one of the same machine.")
  private Path after = Path.of("");

  @Override
  public Integer call() {
    return switch (Case.open(before)) {
      case Case.Bad(Bilingual sentence) -> complain(lang.of(sentence));
      case Case.Good(Case first) ->
          switch (Case.open(after)) {
            case Case.Bad(Bilingual sentence) -> complain(lang.of(sentence));
            case Case.Good(Case second) -> print(first, second);
          };
    };
  }

  private int complain(String sentence) {
    Messages.say(spec.commandLine().getErr(), Messages.plain(sentence));
    return CommandLine.BAD_INPUT;
  }

  private int print(Case first, Case second) {
    boolean tables = !first.snapshots().isEmpty() && !second.snapshots().isEmpty();
    boolean logs = !first.logs().isEmpty() && !second.logs().isEmpty();
    if (!tables && !logs) {
      return complain(
          lang.of(
              "There is nothing in both that can be compared: give two dumps, or two logs.",
              "两者没有可以比较的内容：请给出两个转储，或两份日志。"));
    }
    List<Comparison.Change> changes = Comparison.of(first, second);
    PrintWriter out = spec.commandLine().getOut();
    for (Comparison.Change change : changes) {
      out.println(change.line(lang.isChinese()));
    }
    if (changes.isEmpty()) {
      out.println(lang.of("Nothing differs.", "没有差异。"));
    }
    return changes.isEmpty() ? CommandLine.DONE : CommandLine.EXPECTATION_FAILED;
  }
}
