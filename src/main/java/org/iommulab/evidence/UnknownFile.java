package org.iommulab.evidence;

import java.nio.charset.StandardCharsets;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarReading;
import org.iommulab.evidence.firmware.TableText;
import org.iommulab.evidence.kind.Content;

/** Says what a file is that is no memory dump. */
final class UnknownFile {

  private UnknownFile() {}

  /**
   * The rest of a sentence that begins with the file's name.
   *
   * @param head its first bytes
   * @param size of the whole
   */
  static String describe(byte[] head, long size) {
    return switch (Content.of(head, size)) {
      case DMAR_TABLE -> dmar(head);
      case TABLE_TEXT ->
          TableText.find(new String(head, StandardCharsets.ISO_8859_1))
              .map(found -> dmar(found.bytes()))
              .orElse("is the text of a DMAR table without its bytes: dump the table again.");
      case SCRIPT, JOURNAL -> "is a script, not a memory dump: run it with \"iommu-lab run\".";
      case JSON -> "is a JSON text, not a memory dump: run scripts with \"iommu-lab run\".";
      case KERNEL_LOG, FTRACE ->
          "is a kernel log, not a memory dump: read it with \"iommu-lab explain\".";
      case EMPTY -> "is empty: copy it again.";
      case ELF_CORE,
          LIME_IMAGE,
          KDUMP,
          GZIP,
          XZ,
          TAR,
          ZIP,
          DEBUGFS,
          QEMU_TRACE,
          LSPCI,
          IOMEM,
          COMMAND_LINE,
          GROUPS,
          INTERRUPTS,
          KERNEL_CONFIG,
          REGISTERS,
          TEXT,
          BINARY ->
          "looks like "
              + Content.describe(head, size)
              + ", neither an ELF core nor a LiME image: give a memory dump, or a raw image"
              + " together with a register dump.";
    };
  }

  private static String dmar(byte... head) {
    DmarReading reading = Dmar.parse(head);
    return reading.table().isPresent() || reading.findings().isEmpty()
        ? "is a DMAR table, not a memory dump: give the dump the table came from."
        : "is a DMAR table that cannot be read: " + reading.findings().getFirst();
  }
}
