package org.iommulab.bench;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.SecondStageEntry;

/**
 * Lays root, context and 4-level second-stage tables into memory, each in the next free frame, in
 * the order of {@code limit.c}.
 */
final class TableWriter {

  private static final int LEVELS = 4;
  private static final long READ_WRITE = SecondStageEntry.W.with(SecondStageEntry.R.with(0, 1), 1);

  private final PhysicalMemory memory;
  private long nextFrame = 1;

  TableWriter(PhysicalMemory memory) {
    this.memory = memory;
  }

  /** Physical address of a new table of zeros. */
  long newTable() {
    return nextFrame++ << 12;
  }

  /** Maps {@code bytes} with pages of the level: 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB. */
  void map(long top, long iova, long physical, long bytes, int leafLevel) {
    long page = 1L << shift(leafLevel);
    for (long done = 0; done < bytes; done += page) {
      long table = top;
      for (int level = LEVELS; level > leafLevel; level--) {
        long at = entry(table, iova + done, level);
        long value = memory.readQword(at);
        if (!SecondStageEntry.R.isSet(value)) {
          value = newTable() | READ_WRITE;
          memory.writeQword(at, value);
        }
        table = SecondStageEntry.TABLE.get(value);
      }
      long leaf = physical + done | READ_WRITE;
      memory.writeQword(
          entry(table, iova + done, leafLevel),
          leafLevel > 1 ? SecondStageEntry.PS.with(leaf, 1) : leaf);
    }
  }

  /** Root and context table that send one requester to a second-stage table; the root's address. */
  long attach(int source, long top, int domain) {
    long root = newTable();
    long contexts = newTable();
    memory.writeQword(
        root + (source >> 8) * RootEntry.BYTES,
        RootEntry.CTP.with(RootEntry.P.with(0, 1), contexts));
    long context = contexts + (source & 0xFF) * ContextEntry.BYTES;
    memory.writeQword(context, ContextEntry.SSPTPTR.with(ContextEntry.P.with(0, 1), top));
    memory.writeQword(
        context + 8, ContextEntry.AW.with(ContextEntry.DID.with(0, domain), LEVELS - 2));
    return root;
  }

  private static long entry(long table, long iova, int level) {
    return table + (iova >>> shift(level) & 511) * 8;
  }

  private static int shift(int level) {
    return 12 + 9 * (level - 1);
  }
}
