package org.iommulab.evidence;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.debugfs.Block;
import org.iommulab.evidence.debugfs.DebugfsFile;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.PasidDirectoryEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.tables.RegisterValues;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's debugfs texts turned back into what they describe: tables in memory and registers,
 * one snapshot a unit, so that every view and walk works on them.
 *
 * <p>Texts leave out what the hardware needs: PASID directories, and whatever file was not pasted.
 * That is made up where no text says anything else, and said in the warnings.
 */
final class TableTexts {

  private static final int ENTRY = 8;
  private static final int TOP = 5;
  private static final int SCALABLE_MODE = 1 << 10;
  private static final int INTERRUPT_ENTRIES = 15;
  private static final int ROOT_SET = 1 << 30;
  private static final int INTERRUPTS = 3 << 24;
  private static final int QUEUE = 1 << 26;
  private static final int UPPER_HALF = 0x80;

  private final String name;
  private final String unit;
  private final PageWriter memory = new PageWriter();
  private final List<String> warnings = new ArrayList<>();
  private final Map<String, Block.Roots.Row> entries = new LinkedHashMap<>();
  private Block.@Nullable Registers registers;
  private Block.@Nullable Roots roots;
  private Block.@Nullable Queue queue;
  private Block.@Nullable Interrupts interrupts;
  private final List<Block.Pages> pages = new ArrayList<>();

  private TableTexts(String name, String unit) {
    this.name = name;
    this.unit = unit;
  }

  /**
   * Puts texts of one machine together.
   *
   * @param name what to call it
   * @param files in any order
   * @return a snapshot a unit, in order of the units' names; none if no text describes tables
   */
  static List<Snapshot> snapshots(String name, List<DebugfsFile> files) {
    List<Block> blocks = files.stream().flatMap(file -> file.blocks().stream()).toList();
    var units = new LinkedHashMap<String, TableTexts>();
    for (String unit : unitNames(blocks)) {
      units.put(unit, new TableTexts(name, unit));
    }
    boolean onlyPages =
        units.isEmpty() && blocks.stream().anyMatch(block -> block instanceof Block.Pages);
    if (onlyPages) {
      units.put("dmar0", new TableTexts(name, "dmar0"));
    }
    for (Block block : blocks) {
      switch (block) {
        case Block.Registers found -> unit(units, found.unit()).registers = found;
        case Block.Roots found -> unit(units, found.unit()).roots = found;
        case Block.Queue found -> unit(units, found.unit()).queue = found;
        case Block.Interrupts found -> unit(units, found.unit()).takeInterrupts(found);
        case Block.Pages found -> owner(units, found).pages.add(found);
        case Block.Latency found -> {}
        case Block.Remark found -> {}
      }
    }
    return units.values().stream().map(TableTexts::snapshot).toList();
  }

  private static TableTexts unit(Map<String, TableTexts> units, String name) {
    return Objects.requireNonNull(units.get(name), name);
  }

  private static Set<String> unitNames(List<Block> blocks) {
    var names = new LinkedHashSet<String>();
    for (Block block : blocks) {
      switch (block) {
        case Block.Registers found -> names.add(found.unit());
        case Block.Roots found -> names.add(found.unit());
        case Block.Queue found -> names.add(found.unit());
        case Block.Interrupts found -> names.add(found.unit());
        case Block.Pages found -> {}
        case Block.Latency found -> {}
        case Block.Remark found -> {}
      }
    }
    return names;
  }

  /** The unit in whose tables the device is; the first one if none says. */
  private static TableTexts owner(Map<String, TableTexts> units, Block.Pages device) {
    SourceId source = source(device);
    for (TableTexts unit : units.values()) {
      Block.Roots roots = unit.roots;
      if (roots != null && roots.rows().stream().anyMatch(row -> row.source().equals(source))) {
        return unit;
      }
    }
    return units.values().iterator().next();
  }

  private static SourceId source(Block.Pages device) {
    return SourceId.parse(device.device())
        .map(found -> new SourceId(found.value()))
        .orElse(new SourceId(0));
  }

  private void takeInterrupts(Block.Interrupts found) {
    Block.Interrupts known = interrupts;
    var rows = new ArrayList<Block.Interrupts.Row>();
    if (known != null) {
      rows.addAll(known.rows());
    }
    rows.addAll(found.rows());
    interrupts = new Block.Interrupts(found.unit(), false, found.table(), rows);
  }

  private Snapshot snapshot() {
    reserve();
    long root = writeRoots();
    writePages(root);
    writeQueue();
    writeInterrupts();
    Block.Registers texts = registers;
    RegisterValues values =
        texts == null ? madeUp(root) : RegisterValues.of(RegisterFile.window(texts));
    if (texts == null) {
      warnings.add(
          "No text iommu_regset of "
              + unit
              + " is there: only the registers that point to its tables are made up.");
    }
    MemoryPieces pieces = new MemoryPieces(memory.pieces());
    return new Snapshot(
        name + " (" + unit + ")",
        pieces.memory(),
        values,
        texts == null ? Optional.empty() : Optional.of(texts.base()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        pieces,
        FolderNames.of(Path.of(name)),
        warnings,
        List.of());
  }

  /** Pages that any text points to must not be taken for what has to be made up. */
  private void reserve() {
    Block.Roots text = roots;
    if (text != null) {
      memory.reserve(text.root());
      for (Block.Roots.Row row : text.rows()) {
        memory.reserve(row.rootLo() & RootEntry.CTP.mask());
        memory.reserve(row.rootHi() & RootEntry.CTP.mask());
        memory.reserve(row.contextLo() & ScalableContextEntry.PASIDDIRPTR.mask());
      }
    }
    for (Block.Pages device : pages) {
      memory.reserve(device.root());
      for (Block.Pages.Row row : device.rows()) {
        for (long entry : row.entries()) {
          memory.reserve(entry & FirstStageEntry.TABLE.mask());
        }
      }
    }
  }

  private boolean isScalable() {
    Block.Roots text = roots;
    return text != null && text.rows().stream().anyMatch(row -> row.pasid() >= 0)
        || text == null && pages.stream().anyMatch(device -> device.pasid() >= 0);
  }

  private long writeRoots() {
    Block.Roots text = roots;
    long root = text == null ? memory.free() : text.root();
    memory.touch(root);
    if (text == null) {
      return root;
    }
    for (Block.Roots.Row row : text.rows()) {
      entries.put(key(row.source(), row.pasid()), row);
      long slot = root + row.source().bus() * 2L * ENTRY;
      memory.write(slot, row.rootLo());
      memory.write(slot + ENTRY, row.rootHi());
      if (row.pasid() < 0) {
        long context = (row.rootLo() & RootEntry.CTP.mask()) + row.source().devfn() * 2L * ENTRY;
        memory.write(context, row.contextLo());
        memory.write(context + ENTRY, row.contextHi());
      } else {
        writeScalable(row);
      }
    }
    return root;
  }

  private void writeScalable(Block.Roots.Row row) {
    int devfn = row.source().devfn();
    long table = (devfn < UPPER_HALF ? row.rootLo() : row.rootHi()) & RootEntry.CTP.mask();
    long context = table + (devfn & UPPER_HALF - 1) * 4L * ENTRY;
    memory.write(context, row.contextLo());
    memory.write(context + ENTRY, row.contextHi());
    long directory = row.contextLo() & ScalableContextEntry.PASIDDIRPTR.mask();
    long slot = directory + (row.pasid() >>> 6) * (long) ENTRY;
    long pointer = memory.read(slot);
    if (pointer == 0) {
      pointer = memory.free() | PasidDirectoryEntry.P.mask();
      memory.write(slot, pointer);
    }
    long entry = (pointer & PasidDirectoryEntry.SMPTBLPTR.mask()) + (row.pasid() & 63) * 8L * ENTRY;
    memory.write(entry, row.pasid0());
    memory.write(entry + ENTRY, row.pasid1());
    memory.write(entry + 2 * ENTRY, row.pasid2());
  }

  private static String key(SourceId source, int pasid) {
    return source + " " + pasid;
  }

  private void writePages(long root) {
    for (Block.Pages device : pages) {
      SourceId source = source(device);
      Block.Roots.Row row = entries.get(key(source, device.pasid()));
      int levels = row == null ? levels(device) : levels(row);
      if (row == null) {
        addEntries(root, source, device, levels);
      }
      for (Block.Pages.Row leaf : device.rows()) {
        writePath(device.root(), levels, leaf);
      }
      memory.touch(device.root());
    }
  }

  private void writePath(long root, int levels, Block.Pages.Row leaf) {
    long table = root;
    int last = TOP + 1 - leaf.entries().length;
    for (int level = Math.min(levels, TOP); level >= last; level--) {
      long entry = leaf.entries()[TOP - level];
      long index = leaf.pfn() >>> 9 * (level - 1) & 511;
      memory.write(table + index * ENTRY, entry);
      table = entry & FirstStageEntry.TABLE.mask();
    }
  }

  /** As many as the rows have entries that are not zero. */
  private static int levels(Block.Pages device) {
    int levels = 3;
    for (Block.Pages.Row row : device.rows()) {
      levels = Math.max(levels, row.entries()[0] != 0 ? 5 : row.entries()[1] != 0 ? 4 : 3);
    }
    return levels;
  }

  private static int levels(Block.Roots.Row row) {
    if (row.pasid() < 0) {
      return 2 + (int) ContextEntry.AW.get(row.contextHi());
    }
    boolean first = PasidEntry.PGTT.get(row.pasid0()) == PasidEntry.FIRST_STAGE;
    return first
        ? 4 + (int) PasidEntry.FSPM.get(row.pasid2())
        : 2 + (int) PasidEntry.AW.get(row.pasid0());
  }

  /** Without dmar_translation_struct the way to a page table has to be made up. */
  private void addEntries(long root, SourceId source, Block.Pages device, int levels) {
    boolean scalable = isScalable();
    long rootLo = memory.read(root + source.bus() * 2L * ENTRY);
    long context =
        (rootLo & RootEntry.CTP.mask()) == 0 ? memory.free() : rootLo & RootEntry.CTP.mask();
    long low = device.root() | ContextEntry.P.mask();
    if (!scalable) {
      memory.write(root + source.bus() * 2L * ENTRY, context | RootEntry.P.mask());
      memory.write(context + source.devfn() * 2L * ENTRY, low);
      memory.write(context + source.devfn() * 2L * ENTRY + ENTRY, levels - 2 | 1L << 8);
    } else {
      Block.Roots.Row row =
          new Block.Roots.Row(
              source,
              memory.free() | 1,
              context | 1,
              0,
              memory.free() | 1,
              Math.max(device.pasid(), 0),
              0,
              1,
              low | levels - 2L << 2 | PasidEntry.SECOND_STAGE << 6);
      memory.write(root + source.bus() * 2L * ENTRY, row.rootLo());
      memory.write(root + source.bus() * 2L * ENTRY + ENTRY, row.rootHi());
      writeScalable(row);
    }
    warnings.add(
        "The entries that lead to the page table of "
            + source
            + " are made up: no text dmar_translation_struct shows them.");
  }

  private void writeQueue() {
    Block.Queue text = queue;
    if (text == null) {
      return;
    }
    memory.touch(text.base());
    for (Block.Queue.Row row : text.rows()) {
      for (int i = 0; i < row.quadwords().length; i++) {
        memory.write(
            text.base() + ((long) row.index() * text.quadwords() + i) * ENTRY, row.quadwords()[i]);
      }
    }
  }

  private void writeInterrupts() {
    Block.Interrupts text = interrupts;
    if (text == null) {
      return;
    }
    memory.touch(text.table());
    for (Block.Interrupts.Row row : text.rows()) {
      memory.write(text.table() + row.index() * 2L * ENTRY, row.lo());
      memory.write(text.table() + row.index() * 2L * ENTRY + ENTRY, row.hi());
    }
  }

  private RegisterValues madeUp(long root) {
    ByteBuffer window =
        ByteBuffer.allocate(RegisterValues.WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    window.putInt(RegisterLayouts.VER.offset(0, 0), 0x10);
    int status = ROOT_SET | Integer.MIN_VALUE;
    window.putLong(RegisterLayouts.RTADDR.offset(0, 0), root | (isScalable() ? SCALABLE_MODE : 0));
    Block.Interrupts entries = interrupts;
    if (entries != null) {
      status |= INTERRUPTS;
      window.putLong(RegisterLayouts.IRTA.offset(0, 0), entries.table() | INTERRUPT_ENTRIES);
    }
    Block.Queue text = queue;
    if (text != null) {
      status |= QUEUE;
      int bytes = text.quadwords() * ENTRY;
      long all = (long) text.rows().size() * bytes;
      long size = 63 - Long.numberOfLeadingZeros(Math.max(all / 4096, 1));
      long wide = text.quadwords() == 4 ? 1L << 11 : 0;
      window.putLong(RegisterLayouts.IQA.offset(0, 0), text.base() | size | wide);
      window.putLong(RegisterLayouts.IQH.offset(0, 0), text.head() * bytes);
      window.putLong(RegisterLayouts.IQT.offset(0, 0), text.tail() * bytes);
    }
    window.putInt(RegisterLayouts.GSTS.offset(0, 0), status);
    return RegisterValues.of(window.array());
  }
}
