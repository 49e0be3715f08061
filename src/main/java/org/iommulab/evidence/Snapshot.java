package org.iommulab.evidence;

import java.util.List;
import java.util.Optional;
import org.iommulab.acpi.AcpiTables;
import org.iommulab.acpi.Dmar;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.debugfs.DebugfsFile;
import org.iommulab.memory.Changes;
import org.iommulab.memory.MemoryView;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;

/**
 * One moment of a real machine: its memory as far as the dump holds it, and its units' registers.
 * One unit is in front: {@link #registers} and {@link #tables} are those of it.
 */
public final class Snapshot implements Evidence {

  private final String source;
  private final PhysicalMemory memory;
  private final List<SnapshotUnit> units;
  private final int front;
  private final Optional<AcpiTables> acpi;
  private final Optional<Dmar> dmar;
  private final Optional<Long> ramBytes;
  private static final long LEAST_ENTRIES = 4096;
  private static final long USES_OF_AN_ENTRY = 16;

  private final MemoryPieces pieces;
  private final Optional<FolderNames> names;
  private final List<DebugfsFile> texts;
  private final List<String> warnings;
  private final List<String> firmwareFindings;

  Snapshot(
      String source,
      PhysicalMemory memory,
      List<SnapshotUnit> units,
      int front,
      Optional<AcpiTables> acpi,
      Optional<Dmar> dmar,
      Optional<Long> ramBytes,
      MemoryPieces pieces,
      Optional<FolderNames> names,
      List<DebugfsFile> texts,
      List<String> warnings,
      List<String> firmwareFindings) {
    this.source = source;
    this.memory = memory;
    this.units = List.copyOf(units);
    this.front = front;
    this.acpi = acpi;
    this.dmar = dmar;
    this.ramBytes = ramBytes;
    this.pieces = pieces;
    this.names = names;
    this.texts = List.copyOf(texts);
    this.warnings = List.copyOf(warnings);
    this.firmwareFindings = List.copyOf(firmwareFindings);
  }

  /** The same under another name, such as that in the archive it was unpacked from. */
  public Snapshot named(String other) {
    return with(other, front);
  }

  /**
   * The same with another unit in front.
   *
   * @param index counted from 0; one that does not exist changes nothing
   */
  public Snapshot ofUnit(int index) {
    return index == front || index < 0 || index >= units.size() ? this : with(source, index);
  }

  /** The unit that has an entry for a device of its segment; the one in front if none has. */
  public int unitOf(SourceId device) {
    for (int index = 0; index < units.size(); index++) {
      boolean knows = ofUnit(index).tables().context(device.inSegment(0)).isPresent();
      if (knows && units.get(index).segment() == device.segment()) {
        return index;
      }
    }
    return front;
  }

  private Snapshot with(String name, int unit) {
    return new Snapshot(
        name,
        memory,
        units,
        unit,
        acpi,
        dmar,
        ramBytes,
        pieces,
        names,
        texts,
        warnings,
        firmwareFindings);
  }

  /** The file it came from, for a person. */
  public String source() {
    return source;
  }

  /** The pages of the dump, nothing elsewhere; the file lies underneath and is never written. */
  public MemoryView memory() {
    return memory;
  }

  /** Its units, in the kernel's order; at least one. */
  public List<SnapshotUnit> units() {
    return units;
  }

  /** Which of them is in front. */
  public int front() {
    return front;
  }

  /** The unit in front. */
  public SnapshotUnit unit() {
    return units.get(front);
  }

  /** The registers of the unit in front. */
  public RegisterValues registers() {
    return unit().registers();
  }

  /** Physical address of these registers, if the dump says it. */
  public Optional<Long> registerBase() {
    return unit().base();
  }

  /** The firmware tables found through the root pointer. */
  public Optional<AcpiTables> acpi() {
    return acpi;
  }

  /** The DMAR table among them. */
  public Optional<Dmar> dmar() {
    return dmar;
  }

  /** Size of the RAM from address 0, if the dump holds all of it. */
  public Optional<Long> ramBytes() {
    return ramBytes;
  }

  /** What the folders around it call it. */
  public Optional<FolderNames> names() {
    return names;
  }

  /** The texts it was made of; empty if it was made of memory. */
  List<DebugfsFile> texts() {
    return texts;
  }

  /** What was odd while opening, each one sentence. */
  public List<String> warnings() {
    return warnings;
  }

  /** What is odd about the DMAR table, each one sentence. */
  public List<String> firmwareFindings() {
    return firmwareFindings;
  }

  /**
   * How many table entries a listing of this dump shows at most: each entry in memory a few times.
   * Only tables that refer to each other again and again would give more.
   */
  public long mostEntries() {
    return LEAST_ENTRIES + USES_OF_AN_ENTRY * (pieces.bytes() / Long.BYTES);
  }

  /**
   * What differs in the pages that somebody has looked at in an earlier snapshot of the same
   * machine, by ascending address.
   */
  public Changes changesSince(Snapshot earlier) {
    return Changes.between(earlier.memory, memory);
  }

  MemoryPieces pieces() {
    return pieces;
  }

  /** The structures in it. */
  public TableBrowser tables() {
    return new TableBrowser(memory, registers());
  }
}
