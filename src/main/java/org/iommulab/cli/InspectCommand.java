package org.iommulab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.BadEvidence;
import org.iommulab.evidence.DebugfsFolder;
import org.iommulab.evidence.Document;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.inspection.Inspection;
import org.iommulab.evidence.inspection.WalkReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

  @Option(names = "--json", description = "Print everything as one JSON object.")
  private boolean json;

  @Option(
      names = "--iova",
      paramLabel = "ADDRESS",
      description = "Print how this device address is translated; needs --rid.")
  private @Nullable String iova;

  @Option(
      names = "--rid",
      paramLabel = "ID",
      description = "The requester, such as 00:03.0; needs --iova.")
  private @Nullable String rid;

  @Option(
      names = "--registers",
      paramLabel = "FILE",
      description = "Registers that belong to a raw memory image.")
  private @Nullable Path registers;

  @Option(
      names = "--debugfs",
      paramLabel = "DIR",
      description = "Write what the kernel's debugfs folder of intel-iommu would have shown.")
  private @Nullable Path debugfs;

  @Parameters(
      paramLabel = "DUMP",
      description =
          "An ELF core, a compressed kdump or a LiME image (also .gz), or a folder with one; also a"
              + " DMAR table, a debugfs text or a QEMU trace.")
  private Path dump = Path.of("");

  @Override
  public Integer call() {
    if (iova != null || rid != null) {
      source();
      address();
    } else if (!json) {
      Optional<String> document = Document.describe(dump);
      if (document.isPresent()) {
        spec.commandLine().getOut().print(document.get());
        return CommandLine.DONE;
      }
    }
    Evidence evidence = registers == null ? Evidence.open(dump) : Evidence.open(dump, registers);
    return switch (evidence) {
      case BadEvidence(String sentence) -> complain(sentence);
      case Snapshot snapshot -> print(snapshot);
    };
  }

  private int complain(String sentence) {
    String plain = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    Messages.say(spec.commandLine().getErr(), Messages.decapitalize(plain));
    return CommandLine.BAD_INPUT;
  }

  private int writeDebugfs(Snapshot snapshot, Path folder) {
    try {
      int files = DebugfsFolder.write(snapshot, folder);
      Messages.say(
          spec.commandLine().getErr(),
          String.format(Locale.ROOT, "%d files are in %s", files, folder));
      return CommandLine.DONE;
    } catch (IOException e) {
      return complain("Nothing can be written into " + folder + ": " + e.getMessage() + ".");
    }
  }

  private int print(Snapshot snapshot) {
    PrintWriter out = spec.commandLine().getOut();
    if (debugfs != null) {
      return writeDebugfs(snapshot, debugfs);
    }
    if (iova != null || rid != null) {
      out.println(WalkReport.of(snapshot, source(), address()));
    } else if (json) {
      Inspection.writeJson(snapshot, out);
      out.println();
    } else {
      out.println(Inspection.text(snapshot));
    }
    return CommandLine.DONE;
  }

  private SourceId source() {
    if (rid == null) {
      throw new ParameterException(spec.commandLine(), "--iova needs --rid, the requester");
    }
    String text = rid;
    return SourceId.parse(text)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--rid must be bus:device.function such as 00:03.0, not \"" + text + "\""));
  }

  private long address() {
    if (iova == null) {
      throw new ParameterException(spec.commandLine(), "--rid needs --iova, the address");
    }
    String text = iova.replace("_", "");
    try {
      boolean hex = text.startsWith("0x") || text.startsWith("0X");
      return Long.parseUnsignedLong(text, hex ? 2 : 0, text.length(), hex ? 16 : 10);
    } catch (NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(), "--iova must be an address such as 0x1000, not \"" + iova + "\"", e);
    }
  }
}
