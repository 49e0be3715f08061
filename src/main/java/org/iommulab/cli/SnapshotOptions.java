package org.iommulab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.DebugfsFolder;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.inspection.Inspection;
import org.iommulab.evidence.inspection.WalkReport;
import org.iommulab.lab.Laboratory;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What can be printed of a snapshot, whether it comes from a dump or from a running machine. */
final class SnapshotOptions {

  @Option(names = "--json", description = "Print everything as one JSON object.")
  private boolean json;

  @Option(names = "--lang", paramLabel = "en|zh", description = "Language of what is printed.")
  private Language lang = Language.en;

  @Option(
      names = "--iova",
      paramLabel = "ADDRESS",
      description = "Print how this device address is translated; needs --rid.")
  private @Nullable String iova;

  @Option(
      names = "--rid",
      paramLabel = "ID",
      description = "The requester, such as 00:03.0 or 0001:00:03.0; needs --iova.")
  private @Nullable String rid;

  @Option(
      names = "--advise",
      description = "Say what the advisor has to say of tables and registers as they were found.")
  private boolean advise;

  @Option(
      names = "--debugfs",
      paramLabel = "DIR",
      description = "Write what the kernel's debugfs folder of intel-iommu would have shown.")
  private @Nullable Path debugfs;

  /** Complains about options that cannot be, before anything is opened. */
  void check(CommandSpec spec) {
    if (isWalk()) {
      source(spec);
      address(spec);
    }
  }

  boolean isChinese() {
    return lang.isChinese();
  }

  private boolean isWalk() {
    return iova != null || rid != null;
  }

  /** A person wants to see what there is. */
  boolean isOverview() {
    return !json && !advise && !isWalk() && debugfs == null;
  }

  /** Says what is wrong with the input. */
  int complain(CommandSpec spec, String sentence) {
    String plain = sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    Messages.say(spec.commandLine().getErr(), Messages.decapitalize(plain));
    return CommandLine.BAD_INPUT;
  }

  /** Prints what was asked for. */
  int print(CommandSpec spec, Snapshot snapshot) {
    PrintWriter out = spec.commandLine().getOut();
    if (debugfs != null) {
      return writeDebugfs(spec, snapshot, debugfs);
    }
    if (advise) {
      Advised.print(Laboratory.adviceOn(snapshot), true, out);
    } else if (isWalk()) {
      SourceId source = source(spec);
      Snapshot unit = snapshot.ofUnit(snapshot.unitOf(source));
      out.println(
          lang.of(
              WalkReport.inBoth(unit.tables(), source.inSegment(0), Pasid.NONE, address(spec))));
    } else if (json) {
      Inspection.writeJson(snapshot, out);
      out.println();
    } else {
      out.println(Inspection.text(snapshot, isChinese()));
    }
    out.flush();
    return CommandLine.DONE;
  }

  private int writeDebugfs(CommandSpec spec, Snapshot snapshot, Path folder) {
    try {
      int files = DebugfsFolder.write(snapshot, folder);
      Messages.say(
          spec.commandLine().getErr(),
          String.format(Locale.ROOT, "%d files are in %s", files, folder));
      return CommandLine.DONE;
    } catch (IOException e) {
      return complain(
          spec, "Nothing can be written into " + folder + ": " + WhyNot.written(e) + ".");
    }
  }

  private SourceId source(CommandSpec spec) {
    String text = rid;
    if (text == null) {
      throw new ParameterException(spec.commandLine(), "--iova needs --rid, the requester");
    }
    return SourceId.parse(text)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--rid must be bus:device.function such as 00:03.0, not \"" + text + "\""));
  }

  private long address(CommandSpec spec) {
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
