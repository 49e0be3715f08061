package org.iommulab.evidence;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.acpi.Dmar;
import org.iommulab.evidence.debugfs.BadText;
import org.iommulab.evidence.debugfs.Block;
import org.iommulab.evidence.debugfs.DebugfsFile;

/** Material without memory: DMAR tables, debugfs texts, QEMU traces. */
public final class Document {

  private static final int HEAD = 4096;
  private static final int LARGEST = 1 << 30;

  private static final String TRACE_EVENT = ":vtd_";
  private static final List<String> DEBUGFS_STARTS =
      List.of("IOMMU", "Device ", "Invalidation queue on", "Remapped Interrupt");

  private Document() {}

  /** Tells what is in such a file; empty if it is none, or cannot be read. */
  public static Optional<String> describe(Path path) {
    if (!Files.isRegularFile(path) || !isKnown(FileBytes.head(path, HEAD))) {
      return Optional.empty();
    }
    try {
      FileBytes file = FileBytes.open(path);
      return file.size() > LARGEST ? Optional.empty() : Optional.of(describe(file));
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  private static boolean isKnown(String head) {
    return head.startsWith("DMAR") || head.contains(TRACE_EVENT) || isDebugfs(head);
  }

  private static boolean isDebugfs(String head) {
    return DEBUGFS_STARTS.stream().anyMatch(head::startsWith);
  }

  private static String describe(FileBytes file) {
    int size = (int) file.size();
    if (file.magic(4).equals("DMAR")) {
      return FirmwareText.of(Dmar.parse(file.array(0, size)));
    }
    String text = latin(file, size);
    return isDebugfs(text) ? debugfs(text) : QemuTrace.read(text).text();
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
