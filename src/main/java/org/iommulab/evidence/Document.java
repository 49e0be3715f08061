package org.iommulab.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarReading;
import org.iommulab.evidence.debugfs.BadText;
import org.iommulab.evidence.debugfs.Block;
import org.iommulab.evidence.debugfs.DebugfsFile;
import org.iommulab.evidence.diagnosis.Explanation;
import org.iommulab.evidence.firmware.TableText;
import org.iommulab.evidence.kind.Content;
import org.iommulab.evidence.kind.Kind;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.evidence.trace.TraceReport;

/** Material without memory: DMAR tables, kernel logs, debugfs texts, traces. */
public final class Document {

  private static final int LARGEST = 1 << 30;

  private Document() {}

  /** Tells what is in such a file; empty if it is none, or cannot be read. */
  public static Optional<String> describe(Path path, boolean chinese) {
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    byte[] head = FileBytes.head(path, Content.ENOUGH);
    try {
      return switch (kind(path, head)) {
        case KERNEL_LOG -> Optional.of(Explanation.of(KernelLog.read(path)).text(chinese));
        case DMAR_TABLE -> table(FileBytes.open(path));
        case TABLE_TEXT -> tableText(FileBytes.open(path));
        case DEBUGFS -> text(path).filter(text -> !showsTables(text)).map(Document::debugfs);
        case FTRACE, QEMU_TRACE -> Optional.of(TraceReport.text(Trace.read(path), null, chinese));
        case ELF_CORE,
            LIME_IMAGE,
            KDUMP,
            GZIP,
            XZ,
            TAR,
            ZIP,
            LSPCI,
            IOMEM,
            COMMAND_LINE,
            GROUPS,
            INTERRUPTS,
            KERNEL_CONFIG,
            REGISTERS,
            SCRIPT,
            JOURNAL,
            JSON,
            TEXT,
            EMPTY,
            BINARY ->
            Optional.empty();
      };
    } catch (Unreadable | IOException e) {
      return Optional.empty();
    }
  }

  private static Kind kind(Path path, byte[] head) throws IOException {
    long size = Files.size(path);
    boolean whole = head.length < Content.ENOUGH;
    return Content.of(head, whole ? head.length : size);
  }

  /** Texts that become tables in memory are told of like a dump. */
  private static boolean showsTables(String text) {
    return text.contains("Root Table Address") || text.contains("\nIOVA_PFN");
  }

  /** Empty if not even its header is there: that is no table to tell of. */
  private static Optional<String> table(FileBytes file) {
    DmarReading reading = Dmar.parse(file.array(0, (int) Math.min(file.size(), 1 << 20)));
    return reading.table().map(table -> FirmwareText.of(reading));
  }

  private static Optional<String> tableText(FileBytes file) {
    return TableText.find(latin(file, (int) Math.min(file.size(), 1 << 24)))
        .filter(found -> Dmar.parse(found.bytes()).table().isPresent())
        .map(
            found -> {
              var out = new StringBuilder(FirmwareText.of(Dmar.parse(found.bytes())));
              out.append("read from: ").append(found.form()).append(System.lineSeparator());
              found
                  .notes()
                  .forEach(
                      note -> out.append("note: ").append(note).append(System.lineSeparator()));
              return out.toString();
            });
  }

  private static Optional<String> text(Path path) throws Unreadable {
    FileBytes file = FileBytes.open(path);
    return file.size() > LARGEST ? Optional.empty() : Optional.of(latin(file, (int) file.size()));
  }

  private static String latin(FileBytes file, int size) {
    return new String(file.array(0, size), StandardCharsets.ISO_8859_1);
  }

  private static String debugfs(String text) {
    return switch (DebugfsFile.read(text)) {
      case BadText bad -> "note: " + bad.sentence() + System.lineSeparator();
      case DebugfsFile file -> {
        var out = new StringBuilder();
        file.blocks().forEach(block -> out.append(summary(block)));
        yield out.toString();
      }
    };
  }

  private static String summary(Block block) {
    return switch (block) {
      case Block.Registers unit ->
          String.format(
              Locale.ROOT,
              "%s: %d registers at 0x%x%n",
              unit.unit(),
              unit.rows().size(),
              unit.base());
      case Block.Roots unit ->
          String.format(
              Locale.ROOT,
              "%s: root table 0x%x, %d entries%n",
              unit.unit(),
              unit.root(),
              unit.rows().size());
      case Block.Pages device ->
          String.format(
              Locale.ROOT,
              "%s: page table 0x%x, %d leaf entries%n",
              device.device(),
              device.root(),
              device.rows().size());
      case Block.Queue unit ->
          String.format(
              Locale.ROOT,
              "%s: invalidation queue 0x%x, head %d, tail %d, %d slots%n",
              unit.unit(),
              unit.base(),
              unit.head(),
              unit.tail(),
              unit.rows().size());
      case Block.Interrupts unit ->
          String.format(
              Locale.ROOT,
              "%s: interrupt table 0x%x, %d %s entries%n",
              unit.unit(),
              unit.table(),
              unit.rows().size(),
              unit.posted() ? "posted" : "remapped");
      case Block.Latency unit -> String.format(Locale.ROOT, "%s: latency histogram%n", unit.unit());
      case Block.Remark remark ->
          remark.line().isBlank() ? "" : remark.line() + String.format(Locale.ROOT, "%n");
    };
  }
}
