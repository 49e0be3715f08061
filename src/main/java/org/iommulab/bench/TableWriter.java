package org.iommulab.bench;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.PasidDirectoryEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.layout.SecondStageEntry;

/**
 * Lays tables into memory, each in the next free frame, in the order of {@code limit.c}: page
 * tables of four levels, and above them what binds a requester to them.
 */
final class TableWriter {

  /** Bits of every second-stage entry: reads and writes. */
  static final long SECOND_STAGE = SecondStageEntry.W.with(SecondStageEntry.R.with(0, 1), 1);

  /** Bits of every first-stage entry: user reads and writes, already accessed and dirty. */
  static final long FIRST_STAGE =
      FirstStageEntry.P.mask()
          | FirstStageEntry.RW.mask()
          | FirstStageEntry.US.mask()
          | FirstStageEntry.A.mask()
          | FirstStageEntry.D.mask();

  private static final int LEVELS = 4;
  private static final long ADDRESS = SecondStageEntry.TABLE.mask();

  private final PhysicalMemory memory;
  private long nextFrame = 1;

  TableWriter(PhysicalMemory memory) {
    this.memory = memory;
  }

  /** Physical address of a new table of zeros. */
  long newTable() {
    return nextFrame++ << 12;
  }

  /** End of what tables have taken so far. */
  long end() {
    return nextFrame << 12;
  }

  /**
   * Maps {@code bytes} with pages of the level: 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB.
   *
   * @param bits {@link #SECOND_STAGE} or {@link #FIRST_STAGE}
   */
  void map(long top, long iova, long physical, long bytes, int leafLevel, long bits) {
    long page = 1L << shift(leafLevel);
    for (long done = 0; done < bytes; done += page) {
      long table = top;
      for (int level = LEVELS; level > leafLevel; level--) {
        table = child(entry(table, iova + done, level), bits);
      }
      long leaf = physical + done | bits;
      memory.writeQword(
          entry(table, iova + done, leafLevel),
          leafLevel > 1 ? SecondStageEntry.PS.with(leaf, 1) : leaf);
    }
  }

  /** The table an entry points to; a new one if it is empty. */
  private long child(long at, long bits) {
    long value = memory.readQword(at);
    if (value == 0) {
      value = newTable() | bits;
      memory.writeQword(at, value);
    }
    return value & ADDRESS;
  }

  /** Sends one requester to a second-stage table in legacy mode. */
  void attach(long root, int source, long top, int domain) {
    long contexts = child(root + (source >> 8) * (long) RootEntry.BYTES, RootEntry.P.mask());
    long context = contexts + (source & 0xFF) * ContextEntry.BYTES;
    memory.writeQword(context, ContextEntry.SSPTPTR.with(ContextEntry.P.with(0, 1), top));
    memory.writeQword(
        context + 8, ContextEntry.AW.with(ContextEntry.DID.with(0, domain), LEVELS - 2));
  }

  /**
   * Sends the requests of a device without PASID through an entry of PASID 0 in scalable mode.
   *
   * @param second top second-stage table, 0 for none
   * @param first top first-stage table, 0 for none
   */
  void attachScalable(long root, int source, long second, long first, int domain) {
    long contexts = child(root + (source >> 8) * (long) RootEntry.BYTES, RootEntry.P.mask());
    long context = contexts + (source & 0x7F) * (long) ScalableContextEntry.BYTES;
    long directory = child(context, ScalableContextEntry.P.mask());
    long pasid = child(directory, PasidDirectoryEntry.P.mask());
    int type =
        first == 0
            ? PasidEntry.SECOND_STAGE
            : second == 0 ? PasidEntry.FIRST_STAGE : PasidEntry.NESTED;
    long low = PasidEntry.PGTT.with(PasidEntry.P.with(0, 1), type);
    low = second == 0 ? low : PasidEntry.AW.with(PasidEntry.SSPTPTR.with(low, second), LEVELS - 2);
    memory.writeQword(pasid, low);
    memory.writeQword(pasid + 8, PasidEntry.PWSNP.with(PasidEntry.DID.with(0, domain), 1));
    memory.writeQword(pasid + 16, PasidEntry.FSPTPTR.with(0, first));
  }

  private static long entry(long table, long iova, int level) {
    return table + (iova >>> shift(level) & 511) * 8;
  }

  private static int shift(int level) {
    return 12 + 9 * (level - 1);
  }
}
