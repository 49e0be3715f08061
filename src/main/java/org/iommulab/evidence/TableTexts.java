package org.iommulab.evidence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.PasidDirectoryEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's debugfs texts turned back into what they describe: tables in memory and registers of
 * each unit, so that every view and walk works on them.
 *
 * <p>Texts leave out what the hardware needs: PASID directories, and whatever file was not pasted.
 * That is made up where no text says anything else, and said in the warnings.
 */
final class TableTexts {

  private static final int ENTRY = 8;
  private static final int TOP = 5;
  private static final int LARGEST_LEAF = 3;
  private static final int INTERRUPT_ENTRIES = 15;
  private static final int UPPER_HALF = 0x80;

  private final String unit;
  private final PageWriter memory;
  private final List<String> warnings;
  private final Map<String, Block.Roots.Row> entries = new LinkedHashMap<>();
  private Block.@Nullable Registers registers;
  private Block.@Nullable Roots roots;
  private Block.@Nullable Queue queue;
  private Block.@Nullable Interrupts interrupts;
  private final List<Block.Pages> pages = new ArrayList<>();

  private TableTexts(String unit, PageWriter memory, List<String> warnings) {
    this.unit = unit;
    this.memory = memory;
    this.warnings = warnings;
  }

  /**
   * Puts texts of one machine together.
   *
   * @param name what to call it
   * @param files in any order
   * @return all units, the one in front that most texts are about; empty if no text describes
   *     tables
   */
  static Optional<Snapshot> snapshot(String name, List<DebugfsFile> files) {
    var memory = new PageWriter();
    var warnings = new ArrayList<String>();
    List<Block> blocks = files.stream().flatMap(file -> file.blocks().stream()).toList();
    var units = new LinkedHashMap<String, TableTexts>();
    for (String unit : unitNames(blocks)) {
      units.put(unit, new TableTexts(unit, memory, warnings));
    }
    boolean onlyPages =
        units.isEmpty() && blocks.stream().anyMatch(block -> block instanceof Block.Pages);
    if (onlyPages) {
      String first = SnapshotUnit.name(0);
      units.put(first, new TableTexts(first, memory, warnings));
    }
    for (Block block : blocks) {
      switch (block) {
        case Block.Registers found -> unit(units, found.unit()).registers = found;
        case Block.Roots found -> unit(units, found.unit()).roots = found;
        case Block.Queue found -> unit(units, found.unit()).queue = found;
        case Block.Interrupts found -> unit(units, found.unit()).takeInterrupts(found);
        case Block.Pages found -> {}
        case Block.Latency found -> {}
        case Block.Remark found -> {}
      }
    }
    if (units.isEmpty()) {
      return Optional.empty();
    }
    for (Block block : blocks) {
      // Only now all tables are known that say whose a page table is.
      if (block instanceof Block.Pages found) {
        owner(units, found).pages.add(found);
      }
    }
    units.values().forEach(TableTexts::reserve);
    List<SnapshotUnit> made =
        units.values().stream()
            .sorted(
                Comparator.<TableTexts>comparingInt(each -> each.unit.length())
                    .thenComparing(each -> each.unit))
            .map(TableTexts::made)
            .toList();
    var pieces = new MemoryPieces(memory.pieces());
    var snapshot =
        new Snapshot(
            name,
            pieces.memory(),
            made,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            pieces,
            FolderNames.of(Path.of(name)),
            files,
            warnings,
            List.of());
    return Optional.of(snapshot.ofUnit(busiest(snapshot)));
  }

  private static int busiest(Snapshot snapshot) {
    int busiest = 0;
    int most = -1;
    for (int index = 0; index < snapshot.units().size(); index++) {
      int uses = snapshot.ofUnit(index).tables().uses().size();
      if (uses > most) {
        busiest = index;
        most = uses;
      }
    }
    return busiest;
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

  /**
   * The unit in whose tables the device is; the first one if none says. Units of several segments
   * may have devices of the same number: then the pointer to the page table decides.
   */
  private static TableTexts owner(Map<String, TableTexts> units, Block.Pages device) {
    TableTexts known = null;
    for (TableTexts unit : units.values()) {
      Block.Roots roots = unit.roots;
      for (Block.Roots.Row row : roots == null ? List.<Block.Roots.Row>of() : roots.rows()) {
        if (row.source().value() == source(device).value() && row.pasid() == device.pasid()) {
          if (table(row) == device.root()) {
            return unit;
          }
          known = known == null ? unit : known;
        }
      }
    }
    return known == null ? units.values().iterator().next() : known;
  }

  /** The page table that an entry leads to. */
  private static long table(Block.Roots.Row row) {
    if (row.pasid() < 0) {
      return ContextEntry.SSPTPTR.get(row.contextLo());
    }
    return PasidEntry.PGTT.get(row.pasid0()) == PasidEntry.FIRST_STAGE
        ? PasidEntry.FSPTPTR.get(row.pasid2())
        : PasidEntry.SSPTPTR.get(row.pasid0());
  }

  /** The unit knows requests by 16 bits; its segment is told by the names of its devices. */
  private static SourceId source(Block.Pages device) {
    return SourceId.parse(device.device())
        .map(found -> new SourceId(found.value()))
        .orElse(new SourceId(0));
  }

  private int segment() {
    return pages.stream()
        .flatMap(device -> SourceId.parse(device.device()).stream())
        .mapToInt(SourceId::segment)
        .findFirst()
        .orElse(0);
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

  private SnapshotUnit made() {
    long root = writeRoots();
    writePages(root);
    writeQueue();
    writeInterrupts();
    Block.Registers texts = registers;
    if (texts == null) {
      warnings.add(
          "No text iommu_regset of "
              + unit
              + " is there: only the registers that point to its tables are made up.");
      return new SnapshotUnit(
          unit, Optional.empty(), segment(), madeUp(root), true, Optional.empty());
    }
    return SnapshotUnit.known(
        unit, Optional.of(texts.base()), segment(), RegisterValues.of(RegisterFile.window(texts)));
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
    // Kernels before 6.6 print all five columns, those below a large page as zero.
    boolean more = true;
    for (int level = Math.min(levels, TOP); more && level >= last; level--) {
      long entry = leaf.entries()[TOP - level];
      more = level > LARGEST_LEAF || !FirstStageEntry.PS.isSet(entry);
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
      boolean first = isFirstStage(device);
      Block.Roots.Row row =
          new Block.Roots.Row(
              source,
              memory.free() | 1,
              context | 1,
              0,
              memory.free() | 1,
              Math.max(device.pasid(), 0),
              first ? PasidEntry.FSPM.with(device.root(), levels == TOP ? 1 : 0) : 0,
              1,
              first
                  ? PasidEntry.PGTT.with(PasidEntry.P.mask(), PasidEntry.FIRST_STAGE)
                  : low | levels - 2L << 2 | PasidEntry.SECOND_STAGE << 6);
      memory.write(root + source.bus() * 2L * ENTRY, row.rootLo());
      memory.write(root + source.bus() * 2L * ENTRY + ENTRY, row.rootHi());
      writeScalable(row);
    }
    warnings.add(
        "The entries that lead to the page table of "
            + source
            + " are made up: no text dmar_translation_struct shows them.");
  }

  /**
   * Linux makes every entry of a first stage a user's and accessed; no second stage has these bits.
   */
  private static boolean isFirstStage(Block.Pages device) {
    long bits = FirstStageEntry.P.mask() | FirstStageEntry.US.mask() | FirstStageEntry.A.mask();
    return !device.rows().isEmpty()
        && device.rows().stream()
            .allMatch(row -> (row.entries()[row.entries().length - 1] & bits) == bits);
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
    RegisterWindow window = RegisterWindow.of(root, isScalable());
    Block.Interrupts entries = interrupts;
    if (entries != null) {
      window.status("IRES", "IRTPS").put(RegisterLayouts.IRTA, entries.table() | INTERRUPT_ENTRIES);
    }
    Block.Queue text = queue;
    if (text != null) {
      int bytes = text.quadwords() * ENTRY;
      long all = (long) text.rows().size() * bytes;
      long size = 63 - Long.numberOfLeadingZeros(Math.max(all / 4096, 1));
      long wide = text.quadwords() == 4 ? 1L << 11 : 0;
      window
          .status("QIES")
          .put(RegisterLayouts.IQA, text.base() | size | wide)
          .put(RegisterLayouts.IQH, text.head() * bytes)
          .put(RegisterLayouts.IQT, text.tail() * bytes);
    }
    PhysicalMemory written = new MemoryPieces(memory.pieces()).memory();
    return window.withCapabilitiesFor(new TableBrowser(written, window.values())).values();
  }
}
