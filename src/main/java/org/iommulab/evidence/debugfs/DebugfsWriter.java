package org.iommulab.evidence.debugfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.Page;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.InterruptTable;
import org.iommulab.vtd.tables.IrteNode;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.QueueContents;
import org.iommulab.vtd.tables.RootNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableUse;

/** Makes the kernel's texts from tables in memory, live or of a dump. */
public final class DebugfsWriter {

  private static final int TOP = 5;
  private static final long SECOND_STAGE_MARK = 1 << 10;
  private static final long FIRST_STAGE_MARK = 1 << 9;

  private final TableBrowser tables;
  private final String unit;

  /**
   * Texts about one unit.
   *
   * @param unit the kernel's name, {@code dmar0} for the first one
   */
  public DebugfsWriter(TableBrowser tables, String unit) {
    this.tables = tables;
    this.unit = unit;
  }

  /**
   * {@code iommu_regset}.
   *
   * @param base physical address of the registers
   */
  public DebugfsFile registers(long base) {
    return file(
        new Block.Registers(
            unit, base, KernelRegisters.rows(tables.registers(), isOfGenericTables())));
  }

  /**
   * The kernels whose page tables are made by the generic code mark the entries that lead to tables
   * with a bit of their own; since then the list of registers is shorter.
   */
  private boolean isOfGenericTables() {
    for (TableKey key : tables.tableKeys()) {
      long mark = key.stage() == TableKey.Stage.SECOND ? SECOND_STAGE_MARK : FIRST_STAGE_MARK;
      if (tables.table(key).figures().tablesWith(mark) > 0) {
        return true;
      }
    }
    return false;
  }

  private static DebugfsFile file(Block... blocks) {
    return new DebugfsFile(List.of(blocks));
  }

  /** {@code dmar_translation_struct}. */
  public DebugfsFile translation() {
    if (!tables.translationEnabled()) {
      return file(new Block.Remark("DMA Remapping is not enabled on " + unit));
    }
    var roots = new HashMap<Integer, RootNode>();
    tables.roots().forEach(root -> roots.put(root.bus(), root));
    var rows = new ArrayList<Block.Roots.Row>();
    for (ContextNode context : tables.contexts()) {
      RootNode root = roots.get(context.source().bus());
      if (root == null || !context.present()) {
        continue;
      }
      switch (context) {
        case ContextNode.Legacy legacy -> rows.add(row(root, legacy, -1, new long[3]));
        case ContextNode.Scalable scalable -> {
          for (PasidNode pasid : tables.pasids(scalable)) {
            if (pasid.present()) {
              rows.add(row(root, scalable, pasid.pasid().value(), pasid.quadwords()));
            }
          }
        }
      }
    }
    return file(new Block.Roots(unit, tables.rootTable().orElse(0L), rows));
  }

  private static Block.Roots.Row row(RootNode root, ContextNode context, int pasid, long[] entry) {
    return new Block.Roots.Row(
        context.source(),
        root.hi(),
        root.lo(),
        context.quadwords()[1],
        context.quadwords()[0],
        pasid,
        entry[2],
        entry[1],
        entry[0]);
  }

  /** {@code domain_translation_struct} of one requester; empty if nothing translates for it. */
  public DebugfsFile pages(SourceId source) {
    var blocks = new ArrayList<Block>();
    for (TableUse use : tables.uses()) {
      if (use.source().equals(source) && !use.guestPointers()) {
        blocks.add(
            new Block.Pages(
                "0000:" + source, use.pasid().value(), use.table().root(), leaves(use.table())));
      }
    }
    return new DebugfsFile(blocks);
  }

  /** The entries of a leaf and those above it, from PML5E down. */
  static long[] entries(int level, long... path) {
    var entries = new long[TOP - level + 1];
    for (int at = TOP; at >= level; at--) {
      entries[TOP - at] = path[at];
    }
    return entries;
  }

  private List<Block.Pages.Row> leaves(TableKey key) {
    var rows = new ArrayList<Block.Pages.Row>();
    tables
        .table(key)
        .forEachLeaf(
            (iova, level, path) -> {
              rows.add(new Block.Pages.Row(Page.number(iova), entries(level, path)));
              return true;
            });
    return rows;
  }

  /**
   * Prints {@code domain_translation_struct} of one requester as it is made.
   *
   * @param uses what the requester's entries lead to
   * @param most how many leaves at most; the last line says so if there are more
   * @param segment of the unit
   * @return how many leaves were printed
   */
  public long printPages(List<TableUse> uses, long most, int segment, Appendable target)
      throws IOException {
    var printer = new PagesPrinter(target, most, segment);
    for (TableUse use : uses) {
      if (!use.guestPointers()) {
        printer.print(use, tables.table(use.table()));
      }
    }
    return printer.printed();
  }

  /** {@code invalidation_queue}; the driver's status notes are not in memory and read as zero. */
  public DebugfsFile queue() {
    QueueContents queue = tables.queue().orElse(null);
    if (queue == null) {
      return new DebugfsFile(List.of());
    }
    int quadwords = queue.descriptorBytes() / 8;
    var slots = new HashMap<Integer, QueueContents.Descriptor>();
    queue.descriptors().forEach(descriptor -> slots.put(descriptor.slot(), descriptor));
    var rows = new ArrayList<Block.Queue.Row>();
    for (int slot = 0; slot < queue.bytes() / queue.descriptorBytes(); slot++) {
      QueueContents.Descriptor descriptor = slots.get(slot);
      long[] values = descriptor == null ? new long[quadwords] : descriptor.quadwords();
      rows.add(new Block.Queue.Row(slot, values, 0));
    }
    return file(
        new Block.Queue(
            unit,
            queue.address(),
            queue.head() / queue.descriptorBytes(),
            queue.tail() / queue.descriptorBytes(),
            quadwords,
            rows));
  }

  /** {@code ir_translation_struct} of this unit alone. */
  public DebugfsFile interrupts() {
    return interrupts(List.of(this));
  }

  /** {@code ir_translation_struct}: remapped entries of all units, then posted ones. */
  public static DebugfsFile interrupts(List<DebugfsWriter> units) {
    var blocks = new ArrayList<Block>();
    for (DebugfsWriter unit : units) {
      boolean remaps = ExtendedCapabilityLayout.IR.isSet(unit.tables.registers().ecap());
      if (remaps) {
        unit.tables.interruptTable().ifPresent(table -> blocks.add(unit.interrupts(table, false)));
      }
    }
    blocks.add(new Block.Remark("****"));
    blocks.add(new Block.Remark(""));
    for (DebugfsWriter unit : units) {
      boolean posts = CapabilityLayout.PI.isSet(unit.tables.registers().cap());
      if (posts) {
        unit.tables.interruptTable().ifPresent(table -> blocks.add(unit.interrupts(table, true)));
      }
    }
    return new DebugfsFile(blocks);
  }

  private Block interrupts(InterruptTable table, boolean posted) {
    var rows = new ArrayList<Block.Interrupts.Row>();
    for (IrteNode irte : tables.irtes()) {
      if (Irte.P.isSet(irte.lo()) && Irte.IM.isSet(irte.lo()) == posted) {
        rows.add(new Block.Interrupts.Row(irte.index(), irte.hi(), irte.lo()));
      }
    }
    return new Block.Interrupts(unit, posted, table.address(), rows);
  }
}
