package org.iommulab.lab.fuzz;

import org.iommulab.memory.PhysicalMemory;

/**
 * A second walker, written apart from the unit's: literal bit numbers, one step after the other, no
 * caches, no shared code. Answers a physical address, or a fault code as a negative number.
 */
public final class NaiveWalker {

  private final PhysicalMemory memory;
  private final int hostBits;
  private final int guestBits;
  private final boolean snoops;
  private final boolean secondHas2M;
  private final boolean secondHas1G;
  private final boolean firstHas1G;

  // Where the first-stage entries of the last successful walk are, from the leaf up.
  private final long[] marked = new long[6];
  private int marks;

  /** A walker of a unit with the registers CAP and ECAP and that many host address bits. */
  public NaiveWalker(PhysicalMemory memory, long cap, long ecap, int hostBits) {
    this.memory = memory;
    this.hostBits = hostBits;
    guestBits = (int) bits(cap, 21, 16) + 1;
    secondHas2M = bits(cap, 34, 34) == 1;
    secondHas1G = bits(cap, 35, 35) == 1;
    firstHas1G = bits(cap, 56, 56) == 1;
    snoops = bits(ecap, 7, 7) == 1;
  }

  static long bits(long value, int high, int low) {
    return value << 63 - high >>> 63 - high + low;
  }

  /** Tells whether the address in an entry needs more bits than that. */
  static boolean exceeds(long entry, int limit) {
    return limit <= 51 && bits(entry, 51, limit) != 0;
  }

  boolean readable(long address) {
    return memory.isRam(address, 8);
  }

  /** Second stage; the reasons of scalable mode, or of legacy mode. */
  public long second(long top, int levels, long address, boolean write, boolean scalable) {
    long found = secondAnywhere(top, levels, address, write, scalable);
    return found < 0 ? found : output(found, scalable);
  }

  /** As {@link #second}, but tables may be read wherever they lie. */
  private long secondAnywhere(long top, int levels, long address, boolean write, boolean scalable) {
    if (beyond(address, levels)) {
      return scalable ? -0x84 : -0x04;
    }
    long table = top;
    for (int level = levels; level >= 1; level--) {
      int low = 12 + 9 * (level - 1);
      long slot = table + 8 * bits(address, low + 8, low);
      if (!readable(slot)) {
        if (scalable) {
          return level == levels ? -0x7B : -0x78;
        }
        return level == levels ? -0x03 : -0x07;
      }
      long entry = memory.readQword(slot);
      boolean r = bits(entry, 0, 0) == 1;
      boolean w = bits(entry, 1, 1) == 1;
      if (scalable && !r && !w) {
        return -0x79;
      }
      if (write && !w) {
        return scalable ? -0x85 : -0x05;
      }
      if (!write && !r) {
        return scalable ? -0x86 : -0x06;
      }
      boolean large = bits(entry, 7, 7) == 1;
      boolean leaf = level == 1 || (large && level <= 3);
      boolean bad = exceeds(entry, hostBits) || bits(entry, 62, 62) != 0;
      bad |= large && level >= 4;
      bad |= bits(entry, 11, 11) != 0 && !(leaf && snoops);
      bad |= leaf && level == 2 && !secondHas2M;
      bad |= leaf && level == 3 && !secondHas1G;
      bad |= leaf && level > 1 && bits(entry, low - 1, 12) != 0;
      if (bad) {
        return scalable ? -0x7A : -0x0C;
      }
      if (leaf) {
        return bits(entry, 51, low) << low | bits(address, low - 1, 0);
      }
      table = bits(entry, 51, 12) << 12;
    }
    throw new AssertionError("level 1 is always a leaf");
  }

  private boolean beyond(long address, int levels) {
    int width = Math.min(12 + 9 * levels, guestBits);
    return width < 64 && address >>> width != 0;
  }

  static long output(long address, boolean scalable) {
    boolean interrupt = address >= 0xFEE0_0000L && address <= 0xFEEF_FFFFL;
    return interrupt ? scalable ? -0x87 : -0x0E : address;
  }

  /** First stage of four levels for a user request; nested if there is a second-stage table. */
  public long first(long top, long address, boolean write, long secondTop, int secondLevels) {
    return first(top, 4, address, write, secondTop, secondLevels, true);
  }

  /** As the other one for any depth, and walks that may not snoop. */
  long first(
      long top,
      int levels,
      long address,
      boolean write,
      long secondTop,
      int secondLevels,
      boolean walksSnoop) {
    boolean nested = secondTop != 0;
    marks = 0;
    long sign = address >> 11 + 9 * levels;
    if (sign != 0 && sign != -1) {
      return -0x80;
    }
    boolean user = true;
    boolean writable = true;
    long table = top;
    long[] slots = new long[6];
    long[] places = new long[6];
    long[] entries = new long[6];
    for (int level = levels; level >= 1; level--) {
      int low = 12 + 9 * (level - 1);
      long slot = table + 8 * bits(address, low + 8, low);
      slots[level] = slot;
      if (nested) {
        long found =
            tableAddress(slot, level == levels ? -0x75 : -0x76, false, secondTop, secondLevels);
        if (found < 0) {
          return found;
        }
        slot = found;
      }
      places[level] = slot;
      if (!readable(slot)) {
        return level == levels ? -0x73 : -0x70;
      }
      long entry = memory.readQword(slot);
      entries[level] = entry;
      if (bits(entry, 0, 0) == 0) {
        return -0x71;
      }
      boolean large = bits(entry, 7, 7) == 1;
      boolean leaf = level == 1 || (large && level <= 3);
      int limit = nested ? Math.min(12 + 9 * secondLevels, guestBits) : hostBits;
      boolean bad = exceeds(entry, limit) || bits(entry, 63, 63) != 0;
      bad |= large && level >= 4;
      bad |= leaf && level == 3 && !firstHas1G;
      bad |= leaf && level > 1 && bits(entry, low - 1, 13) != 0;
      if (bad) {
        return -0x72;
      }
      writable &= bits(entry, 1, 1) == 1;
      user &= bits(entry, 2, 2) == 1;
      if (leaf) {
        if (!user) {
          return -0x81;
        }
        if (write && !writable) {
          return -0x85;
        }
        for (int l = levels; l >= level; l--) {
          boolean accessed = bits(entries[l], 5, 5) == 1;
          boolean dirty = bits(entries[l], 6, 6) == 1;
          if (accessed && (dirty || !write || l > level)) {
            continue;
          }
          if (!walksSnoop) {
            return -0x90;
          }
          if (!nested) {
            continue;
          }
          long found = tableAddress(slots[l], -0x77, true, secondTop, secondLevels);
          if (found < 0) {
            return found;
          }
        }
        marks = levels - level + 1;
        System.arraycopy(places, level, marked, 0, marks);
        long guest = bits(entry, 51, low) << low | bits(address, low - 1, 0);
        if (!nested) {
          return output(guest, true);
        }
        return second(secondTop, secondLevels, guest, write, true);
      }
      table = bits(entry, 51, 12) << 12;
    }
    throw new AssertionError("level 1 is always a leaf");
  }

  void forgetMarks() {
    marks = 0;
  }

  /** Tells whether the tables of the last walk bear the marks of a request that went through. */
  boolean isMarked(boolean write) {
    for (int i = 0; i < marks; i++) {
      long entry = memory.readQword(marked[i]);
      boolean accessed = bits(entry, 5, 5) == 1;
      boolean dirty = bits(entry, 6, 6) == 1;
      if (!accessed || (i == 0 && write && !dirty)) {
        return false;
      }
    }
    return true;
  }

  private long tableAddress(long slot, int denied, boolean write, long top, int levels) {
    if (beyond(slot, levels)) {
      return -0x74;
    }
    long found = secondAnywhere(top, levels, slot, write, true);
    return found == -0x79 || found == -0x85 || found == -0x86 ? denied : found;
  }
}
