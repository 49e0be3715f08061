package org.iommulab.linux.intel;

import java.util.Locale;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.mm.KernelPages;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.PasidDirectoryEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.jspecify.annotations.Nullable;

/**
 * The PASID directory of a device and the tables below it ({@code struct pasid_table}). A table of
 * 64 entries is made when the first of its PASIDs is used.
 */
final class PasidTable {

  private static final int ENTRIES_PER_TABLE = 64;

  /** PASIDs that one page of the directory serves: 512 tables. */
  private static final int PASIDS_PER_PAGE = 512 * ENTRIES_PER_TABLE;

  private final KernelParts parts;
  private final PhysicalMemory memory;
  private final ContextTables writer;
  private final String name;
  private final long directory;
  private final int pages;
  private int tables;

  private PasidTable(KernelParts parts, DeviceInfo info, long directory, int pages) {
    this.parts = parts;
    this.memory = parts.memory();
    this.writer = info.unit().contexts();
    this.name = info.sid().toString();
    this.directory = directory;
    this.pages = pages;
  }

  /**
   * {@code intel_pasid_alloc_table()}: a directory for all PASIDs of the device, at least one page.
   *
   * @return null if memory ran out
   */
  static @Nullable PasidTable allocate(KernelParts parts, DeviceInfo info) {
    int pages = 1;
    while (pages * PASIDS_PER_PAGE < info.maxPasids()) {
      pages <<= 1;
    }
    long first =
        pages == 1
            ? parts.frames().allocate()
            : KernelPages.allocate(
                parts.frames(), parts.memory(), Integer.numberOfTrailingZeros(pages));
    return first < 0 ? null : new PasidTable(parts, info, Page.address(first), pages);
  }

  /** Physical address of the directory. */
  long directory() {
    return directory;
  }

  /** Tables below the directory. */
  int tables() {
    return tables;
  }

  /** Bytes of the directory. */
  int directoryBytes() {
    return pages * 4096;
  }

  /** One more than the largest PASID. */
  int maxPasid() {
    return pages * PASIDS_PER_PAGE;
  }

  /** {@code context_get_sm_pds()}: the context entry's code for the directory's size. */
  int directorySizeCode() {
    return Integer.numberOfTrailingZeros(maxPasid() / ENTRIES_PER_TABLE) - 7;
  }

  /** Address of a PASID's entry; 0 if its table is not there. */
  long find(Pasid pasid) {
    if (pasid.isNone() || pasid.value() >= maxPasid()) {
      return 0;
    }
    long slot = directory + (pasid.value() / ENTRIES_PER_TABLE) * (long) PasidDirectoryEntry.BYTES;
    return entryIn(memory.readQword(slot), pasid);
  }

  private static long entryIn(long directoryEntry, Pasid pasid) {
    return PasidDirectoryEntry.P.isSet(directoryEntry)
        ? PasidDirectoryEntry.SMPTBLPTR.get(directoryEntry)
            + (pasid.value() % ENTRIES_PER_TABLE) * (long) PasidEntry.BYTES
        : 0;
  }

  /** {@code intel_pasid_get_entry()}: makes the table if need be; 0 if there can be no entry. */
  long get(Pasid pasid) {
    long known = find(pasid);
    if (known != 0 || pasid.isNone() || pasid.value() >= maxPasid()) {
      return known;
    }
    long table = parts.frames().allocate();
    if (table < 0) {
      return 0;
    }
    tables++;
    int index = pasid.value() / ENTRIES_PER_TABLE;
    long slot = directory + index * (long) PasidDirectoryEntry.BYTES;
    long entry = PasidDirectoryEntry.P.mask() | table << 12;
    writer.flushCache(Page.address(table), 4096);
    writer.write(String.format(Locale.ROOT, "pasid_dir[%s][%d]", name, index), slot, entry);
    writer.flushCache(slot, 8);
    return entryIn(entry, pasid);
  }

  /** {@code intel_pasid_free_table()}. */
  void free() {
    for (int i = 0; i < pages * 512; i++) {
      long entry = memory.readQword(directory + i * 8L);
      if (PasidDirectoryEntry.P.isSet(entry)) {
        parts.frames().free(Page.number(PasidDirectoryEntry.SMPTBLPTR.get(entry)));
      }
    }
    if (pages == 1) {
      parts.frames().free(Page.number(directory));
    } else {
      parts.frames().release(Page.number(directory), pages);
    }
  }
}
