package org.iommulab.lab.fuzz;

import java.util.Random;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.config.Capabilities;

/**
 * Random tables in memory: a few frames that point at each other, and entries above them that lead
 * there. Most of it is right; some of it is wrong in one bit.
 *
 * <pre>
 *  0x0010_0000  root, contexts (two frames), PASID directory, PASID table, queue
 *  0x0020_0000  page tables of both stages, reached through each other
 *  0x0030_0000  a second stage that maps them to themselves
 *  0x0800_0000  end of RAM
 * </pre>
 */
final class Scene {

  static final long ROOT = 0x10_0000L;
  static final long QUEUE = 0x10_8000L;
  static final long RAM = 0x800_0000L;
  static final int[] SOURCES = {0x18, 0x20, 0x98};

  private static final long CONTEXTS = 0x10_1000L;
  private static final long DIRECTORY = 0x10_3000L;
  private static final long PASIDS = 0x10_4000L;
  private static final long TABLES = 0x20_0000L;
  private static final long IDENTITY = 0x30_0000L;
  private static final int FRAMES = 24;
  private static final int SLOTS = 8;

  final PhysicalMemory memory = PhysicalMemory.ofSize(RAM);
  private final Random random;
  private final boolean scalable;
  private final int levels;
  private final boolean snoops;
  private long nextTable = IDENTITY;

  Scene(Random random, boolean scalable, Capabilities capabilities) {
    this.random = random;
    this.scalable = scalable;
    levels = capabilities.deepestLevels();
    snoops = NaiveWalker.bits(capabilities.ecap(), 48, 48) == 1;
    long identity = newTable();
    for (int i = 0; i < FRAMES; i++) {
      long page = TABLES + i * 4096L;
      map(identity, page, page | (random.nextInt(8) == 0 ? random.nextInt(4) : 3));
    }
    for (int i = 0; i < FRAMES * SLOTS; i++) {
      changeEntry(i);
    }
    memory.writeQword(ROOT, CONTEXTS | 1);
    memory.writeQword(ROOT + 8, scalable ? CONTEXTS + 4096 | 1 : 0);
    memory.writeQword(DIRECTORY, PASIDS | 1);
    for (int source : SOURCES) {
      changeContext(source);
    }
    for (int pasid = 0; pasid < 4; pasid++) {
      changePasid(pasid);
    }
  }

  boolean isScalable() {
    return scalable;
  }

  private long newTable() {
    nextTable += 4096;
    return nextTable - 4096;
  }

  private void map(long top, long address, long leaf) {
    long table = top;
    for (int level = levels; level > 1; level--) {
      long at = table + (address >>> 9 * level + 3 & 511) * 8;
      if (memory.readQword(at) == 0) {
        memory.writeQword(at, newTable() | 3);
      }
      table = memory.readQword(at) & -4096L;
    }
    memory.writeQword(table + (address >>> 12 & 511) * 8, leaf);
  }

  private long frame() {
    return TABLES + random.nextInt(FRAMES) * 4096L;
  }

  /** Makes one thing different: mostly a page-table entry. */
  void change() {
    switch (random.nextInt(12)) {
      case 0 -> changeContext(SOURCES[random.nextInt(SOURCES.length)]);
      case 1, 2 -> changePasid(random.nextInt(4));
      case 3 -> flip(DIRECTORY, 0, 63);
      case 4 -> {
        memory.writeQword(DIRECTORY, PASIDS | 1);
        memory.writeQword(ROOT, CONTEXTS | 1);
      }
      case 5 -> {
        if (random.nextInt(8) == 0) {
          flip(ROOT, 0, 63);
        }
      }
      default -> changeEntry(random.nextInt(FRAMES * SLOTS));
    }
  }

  private void changeEntry(int number) {
    long at = TABLES + number / SLOTS * 4096L + number % SLOTS * 8L;
    long marks = random.nextInt(3) == 0 ? random.nextInt(4) << 5 : 0x60;
    long entry = frame() | (random.nextInt(6) == 0 ? random.nextInt(8) : 7) | marks;
    memory.writeQword(
        at,
        switch (random.nextInt(14)) {
          case 0 -> entry ^ 1L << random.nextInt(64);
          case 1 -> entry & ~(1L << random.nextInt(3));
          case 2 -> 0;
          case 3 -> 0x4000_0000L | 0xE7;
          case 4 -> 0xFEE0_0000L | 0x67;
          case 5 -> RAM | 0x67;
          default -> entry;
        });
  }

  private void flip(long address, int low, int high) {
    long bit = 1L << low + random.nextInt(high - low + 1);
    memory.writeQword(address, memory.readQword(address) ^ bit);
  }

  private void changeContext(int source) {
    if (scalable) {
      long at = CONTEXTS + (source >> 7) * 4096L + (source & 0x7F) * 32L;
      long bits = random.nextInt(3) == 0 ? random.nextInt(4) << 2 : 8;
      memory.writeQword(at, DIRECTORY | 1 | bits);
      memory.writeQword(at + 8, random.nextInt(4) == 0 ? random.nextInt(4) : 0);
      if (random.nextInt(6) == 0) {
        flip(at + random.nextInt(4) * 8L, 0, 63);
      }
      return;
    }
    long at = CONTEXTS + source * 16L;
    long type = random.nextInt(4) == 0 ? random.nextInt(4) : 0;
    memory.writeQword(at, frame() | type << 2 | 1);
    memory.writeQword(at + 8, (long) (1 + random.nextInt(3)) << 8 | width());
    if (random.nextInt(6) == 0) {
      flip(at + random.nextInt(2) * 8L, 0, 63);
    }
  }

  private long width() {
    return random.nextInt(6) == 0 ? random.nextInt(8) : levels - 2;
  }

  private void changePasid(int pasid) {
    long at = PASIDS + pasid * 64L;
    int type = random.nextInt(10) == 0 ? random.nextInt(8) : 1 + random.nextInt(4);
    long second = type == 3 && random.nextInt(8) != 0 ? IDENTITY : frame();
    // First-stage and pass-through entries use domains of their own.
    long domain = (type == 2 || type == 3 ? 1 : 4) + random.nextInt(3);
    boolean walksSnoop = snoops && random.nextInt(8) != 0;
    memory.writeQword(at, second | type << 6 | width() << 2 | 1);
    memory.writeQword(at + 8, domain | (walksSnoop ? 1L << 23 : 0));
    memory.writeQword(at + 16, frame() | (random.nextInt(6) == 0 ? 1 << 2 : 0));
    if (random.nextInt(8) == 0) {
      flip(at, 0, 4);
    }
    if (random.nextInt(8) == 0) {
      flip(at + 8, 16, 22);
    }
  }

  /** An address that uses the first entries of each table; sometimes one beyond. */
  long address() {
    long address = random.nextInt(4096);
    for (int level = 1; level <= levels; level++) {
      address |= (long) random.nextInt(SLOTS) << 9 * level + 3;
    }
    if (random.nextInt(3) == 0) {
      address &= 0xF_FFFF;
    }
    return random.nextInt(20) == 0 ? address | 1L << 38 + random.nextInt(26) : address;
  }
}
