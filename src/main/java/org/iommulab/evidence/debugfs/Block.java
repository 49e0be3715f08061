package org.iommulab.evidence.debugfs;

import java.util.List;
import java.util.Locale;
import org.iommulab.bus.SourceId;

/** A part of a debugfs file. */
public sealed interface Block {

  /** Prints it as the kernel does. */
  void print(StringBuilder out);

  /**
   * A line that stands for itself, such as "DMA Remapping is not enabled on dmar1".
   *
   * @param line without its end
   */
  record Remark(String line) implements Block {
    @Override
    public void print(StringBuilder out) {
      out.append(line).append('\n');
    }
  }

  /**
   * {@code iommu_regset} of one unit.
   *
   * @param unit such as {@code dmar0}
   * @param base physical address of the registers
   * @param rows registers in the kernel's order
   */
  record Registers(String unit, long base, List<Row> rows) implements Block {

    static final String HEADING = "Name\t\t\tOffset\t\tContents\n";

    /**
     * One register.
     *
     * @param name the kernel's name
     * @param offset from the base
     * @param value zero-extended
     */
    public record Row(String name, int offset, long value) {}

    @Override
    public void print(StringBuilder out) {
      out.append(String.format(Locale.ROOT, "IOMMU: %s Register Base Address: %x\n", unit, base));
      out.append(HEADING);
      for (Row row : rows) {
        out.append(
            String.format(
                Locale.ROOT, "%-16s\t0x%02x\t\t0x%016x\n", row.name, row.offset, row.value));
      }
      out.append('\n');
    }
  }

  /**
   * {@code dmar_translation_struct} of one unit.
   *
   * @param unit such as {@code dmar0}
   * @param root physical address of the root table
   * @param rows one for each context or PASID entry
   */
  record Roots(String unit, long root, List<Row> rows) implements Block {

    static final String HEADING =
        "B.D.F\tRoot_entry\t\t\t\tContext_entry\t\t\t\tPASID\tPASID_table_entry\n";

    /**
     * One requester, or one PASID of it.
     *
     * @param source the requester
     * @param rootHi root entry 127:64
     * @param rootLo root entry 63:0
     * @param contextHi context entry 127:64
     * @param contextLo context entry 63:0
     * @param pasid -1 in legacy mode
     * @param pasid2 PASID entry 191:128
     * @param pasid1 PASID entry 127:64
     * @param pasid0 PASID entry 63:0
     */
    public record Row(
        SourceId source,
        long rootHi,
        long rootLo,
        long contextHi,
        long contextLo,
        int pasid,
        long pasid2,
        long pasid1,
        long pasid0) {}

    @Override
    public void print(StringBuilder out) {
      out.append(String.format(Locale.ROOT, "IOMMU %s: Root Table Address: 0x%x\n", unit, root));
      out.append(HEADING);
      for (Row row : rows) {
        out.append(
            String.format(
                Locale.ROOT,
                "%s\t0x%016x:0x%016x\t0x%016x:0x%016x\t%-6d\t0x%016x:0x%016x:0x%016x\n",
                row.source,
                row.rootHi,
                row.rootLo,
                row.contextHi,
                row.contextLo,
                row.pasid,
                row.pasid2,
                row.pasid1,
                row.pasid0));
      }
      out.append('\n');
    }
  }

  /**
   * {@code domain_translation_struct} of one device; older kernels print all devices into one file.
   *
   * @param device with segment, such as {@code 0000:00:03.0}
   * @param pasid the PASID, or -1 in legacy mode
   * @param root physical address of the top table
   * @param rows one for each leaf entry
   */
  record Pages(String device, int pasid, long root, List<Row> rows) implements Block {

    static final String HEADING =
        String.format(
            Locale.ROOT,
            "%-17s\t%-18s\t%-18s\t%-18s\t%-18s\t%s\n",
            "IOVA_PFN",
            "PML5E",
            "PML4E",
            "PDPE",
            "PDE",
            "PTE");

    /**
     * One leaf and the entries above it.
     *
     * @param pfn input address divided by 4096
     * @param entries from PML5E down to the leaf
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Row(long pfn, long[] entries) {

      void print(StringBuilder out) {
        out.append(String.format(Locale.ROOT, "0x%013x |", pfn));
        for (long entry : entries) {
          out.append(String.format(Locale.ROOT, "\t0x%016x", entry));
        }
        out.append('\n');
      }
    }

    @Override
    public void print(StringBuilder out) {
      printHeading(out);
      rows.forEach(row -> row.print(out));
    }

    void printHeading(StringBuilder out) {
      String with = pasid < 0 ? "" : String.format(Locale.ROOT, " with pasid %x", pasid);
      out.append(String.format(Locale.ROOT, "Device %s%s @0x%x\n", device, with, root))
          .append(HEADING);
    }
  }

  /**
   * {@code invalidation_queue} of one unit.
   *
   * @param unit such as {@code dmar0}
   * @param base physical address of the queue
   * @param head slot number
   * @param tail slot number
   * @param quadwords of a descriptor, 2 or 4
   * @param rows all slots
   */
  record Queue(String unit, long base, long head, long tail, int quadwords, List<Row> rows)
      implements Block {

    static final String NARROW = "Index\t\tqw0\t\t\tqw1\t\t\tstatus\n";
    static final String WIDE = "Index\t\tqw0\t\t\tqw1\t\t\tqw2\t\t\tqw3\t\t\tstatus\n";

    /**
     * One slot.
     *
     * @param index its number
     * @param quadwords the descriptor
     * @param status the driver's own note about it
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Row(int index, long[] quadwords, long status) {}

    @Override
    public void print(StringBuilder out) {
      out.append(String.format(Locale.ROOT, "Invalidation queue on IOMMU: %s\n", unit));
      out.append(String.format(Locale.ROOT, " Base: 0x%x\tHead: %d\tTail: %d\n", base, head, tail));
      out.append(quadwords == 2 ? NARROW : WIDE);
      for (Row row : rows) {
        out.append(String.format(Locale.ROOT, "%5d", row.index));
        for (long quadword : row.quadwords) {
          out.append(String.format(Locale.ROOT, "\t%016x", quadword));
        }
        out.append(String.format(Locale.ROOT, "\t%016x\n", row.status));
      }
      out.append('\n');
    }
  }

  /**
   * {@code ir_translation_struct} of one unit, remapped or posted entries.
   *
   * @param unit such as {@code dmar0}
   * @param posted which of the two
   * @param table physical address of the table
   * @param rows entries in use
   */
  record Interrupts(String unit, boolean posted, long table, List<Row> rows) implements Block {

    static final String REMAPPED = " Entry SrcID   DstID    Vct IRTE_high\t\tIRTE_low\n";
    static final String POSTED = " Entry SrcID   PDA_high PDA_low  Vct IRTE_high\t\tIRTE_low\n";

    /**
     * One entry.
     *
     * @param index its number
     * @param hi bits 127:64
     * @param lo bits 63:0
     */
    public record Row(int index, long hi, long lo) {}

    @Override
    public void print(StringBuilder out) {
      String kind = posted ? "Posted" : "Remapped";
      out.append(String.format(Locale.ROOT, "%s Interrupt supported on IOMMU: %s\n", kind, unit));
      out.append(String.format(Locale.ROOT, " IR table address:%x\n", table));
      out.append(posted ? POSTED : REMAPPED);
      rows.forEach(row -> InterruptRows.print(row, posted, out));
      out.append('\n');
    }
  }

  /**
   * {@code dmar_perf_latency} of one unit.
   *
   * @param unit such as {@code dmar0}
   * @param base physical address of the registers
   * @param rows heading and figures as they are
   */
  record Latency(String unit, long base, List<String> rows) implements Block {
    @Override
    public void print(StringBuilder out) {
      out.append(String.format(Locale.ROOT, "IOMMU: %s Register Base Address: %x\n", unit, base));
      rows.forEach(row -> out.append(row).append('\n'));
    }
  }
}
