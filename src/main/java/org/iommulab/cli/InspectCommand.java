package org.iommulab.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.iommulab.evidence.BadEvidence;
import org.iommulab.evidence.Document;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab inspect}: looks into a memory dump of a real machine. */
@Command(
    name = "inspect",
    description = "Look into a memory dump: units, contexts, tables, every mapped range.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class InspectCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private SnapshotOptions options = new SnapshotOptions();

  @Option(
      names = "--registers",
      paramLabel = "FILE",
      converter = InputFile.class,
      description = "Registers that belong to a raw memory image.")
  private @Nullable Path registers;

  @Parameters(
      paramLabel = "DUMP",
      converter = InputFile.class,
      description =
          "An ELF core, a compressed kdump or a LiME image (also .gz), or a folder with one; also a"
              + " DMAR table, a debugfs text or a QEMU trace.")
  private Path dump = Path.of("");

  @Override
  public Integer call() {
    options.check(spec);
    if (options.isOverview()) {
      Optional<String> document = Document.describe(dump, options.isChinese());
      if (document.isPresent()) {
        spec.commandLine().getOut().print(document.get());
        return CommandLine.DONE;
      }
    }
    Evidence evidence = registers == null ? Evidence.open(dump) : Evidence.open(dump, registers);
    return switch (evidence) {
      case BadEvidence(String sentence) -> options.complain(spec, sentence);
      case Snapshot snapshot -> options.print(spec, snapshot);
    };
  }
}
