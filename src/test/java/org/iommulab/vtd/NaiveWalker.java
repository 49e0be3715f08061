package org.iommulab.vtd;

import org.iommulab.memory.PhysicalMemory;

/**
 * A second walker, written apart from the unit's: literal bit numbers, one step after the other, no
 * caches, no shared code. Answers a physical address, or a fault code as a negative number.
 */
final class NaiveWalker {

  private final PhysicalMemory memory;
  private final int hostBits;

  NaiveWalker(PhysicalMemory memory, int hostBits) {
    this.memory = memory;
    this.hostBits = hostBits;
  }

  private static long bits(long value, int high, int low) {
    return value << 63 - high >>> 63 - high + low;
  }

  private boolean readable(long address) {
    return memory.isRam(address, 8);
  }

  /** Second stage; the reasons of scalable mode, or of legacy mode. */
  long second(long top, int levels, long address, boolean write, boolean scalable) {
    if (address >>> 12 + 9 * levels != 0) {
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
      boolean bad = bits(entry, 51, hostBits) != 0 || bits(entry, 62, 62) != 0;
      bad |= large && level >= 4;
      bad |= !leaf && bits(entry, 11, 11) != 0;
      bad |= leaf && level > 1 && bits(entry, low - 1, 12) != 0;
      if (bad) {
        return scalable ? -0x7A : -0x0C;
      }
      if (leaf) {
        return output(bits(entry, 51, low) << low | bits(address, low - 1, 0), scalable);
      }
      table = bits(entry, 51, 12) << 12;
    }
    throw new AssertionError("level 1 is always a leaf");
  }

  private static long output(long address, boolean scalable) {
    boolean interrupt = address >= 0xFEE0_0000L && address <= 0xFEEF_FFFFL;
    return interrupt ? scalable ? -0x87 : -0x0E : address;
  }

  /** First stage of four levels for a user request; nested if there is a second-stage table. */
  long first(long top, long address, boolean write, long secondTop, int secondLevels) {
    boolean nested = secondTop != 0;
    long sign = bits(address, 63, 47);
    if (sign != 0 && sign != 0x1FFFF) {
      return -0x80;
    }
    boolean user = true;
    boolean writable = true;
    long table = top;
    long[] slots = new long[5];
    long[] entries = new long[5];
    for (int level = 4; level >= 1; level--) {
      int low = 12 + 9 * (level - 1);
      long slot = table + 8 * bits(address, low + 8, low);
      slots[level] = slot;
      if (nested) {
        long found = tableAddress(slot, level == 4 ? -0x75 : -0x76, false, secondTop, secondLevels);
        if (found < 0) {
          return found;
        }
        slot = found;
      }
      if (!readable(slot)) {
        return level == 4 ? -0x73 : -0x70;
      }
      long entry = memory.readQword(slot);
      entries[level] = entry;
      if (bits(entry, 0, 0) == 0) {
        return -0x71;
      }
      boolean large = bits(entry, 7, 7) == 1;
      boolean leaf = level == 1 || (large && level <= 3);
      int limit = nested ? 12 + 9 * secondLevels : hostBits;
      boolean bad = (limit <= 51 && bits(entry, 51, limit) != 0) || bits(entry, 63, 63) != 0;
      bad |= large && level >= 4;
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
        for (int l = 4; nested && l >= level; l--) {
          boolean accessed = bits(entries[l], 5, 5) == 1;
          boolean dirty = bits(entries[l], 6, 6) == 1;
          if (accessed && (dirty || !write || l > level)) {
            continue;
          }
          long found = tableAddress(slots[l], -0x77, true, secondTop, secondLevels);
          if (found < 0) {
            return found;
          }
        }
        long guest = bits(entry, 51, low) << low | bits(address, low - 1, 0);
        if (!nested) {
          return output(guest, true);
        }
        long host = second(secondTop, secondLevels, guest, write, true);
        return host;
      }
      table = bits(entry, 51, 12) << 12;
    }
    throw new AssertionError("level 1 is always a leaf");
  }

  private long tableAddress(long slot, int denied, boolean write, long top, int levels) {
    if (slot >>> 12 + 9 * levels != 0) {
      return -0x74;
    }
    long found = second(top, levels, slot, write, true);
    return found == -0x79 || found == -0x85 || found == -0x86 ? denied : found;
  }
}
