package org.iommulab.lab.fuzz;

import static org.iommulab.lab.fuzz.NaiveWalker.bits;
import static org.iommulab.lab.fuzz.NaiveWalker.exceeds;

import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.config.Capabilities;

/**
 * What a unit without caches must answer to a plain user request, from root table to page, by
 * literal bit numbers. Answers a physical address, or a fault code as a negative number.
 */
final class NaiveUnit {

  /** The answer where the naive walker has none: execute bits, second-stage A/D, EA. */
  static final long UNKNOWN = Long.MIN_VALUE + 2;

  private final PhysicalMemory memory;
  private final long ecap;
  private final NaiveWalker walker;
  private final int hostBits;
  private final int guestBits;
  private final int domainBits;
  private final long widths;
  private final int pasidBits;
  private final boolean passes;
  private final boolean hasDeviceTlb;
  private final boolean hasPasid;
  private final boolean hasRidPasid;
  private final boolean hasFirst;
  private final boolean hasSecond;
  private final boolean hasNested;
  private final boolean hasFiveLevelFirst;

  NaiveUnit(PhysicalMemory memory, Capabilities capabilities) {
    this.memory = memory;
    long cap = capabilities.cap();
    ecap = capabilities.ecap();
    hostBits = capabilities.hostAddressWidth();
    walker = new NaiveWalker(memory, cap, ecap, hostBits);
    guestBits = (int) bits(cap, 21, 16) + 1;
    domainBits = 4 + 2 * (int) bits(cap, 2, 0);
    widths = bits(cap, 12, 8);
    hasFiveLevelFirst = bits(cap, 60, 60) == 1;
    hasDeviceTlb = bits(ecap, 2, 2) == 1;
    passes = bits(ecap, 6, 6) == 1;
    hasNested = bits(ecap, 26, 26) == 1;
    pasidBits = bits(ecap, 40, 40) == 1 ? (int) bits(ecap, 39, 35) + 1 : 20;
    hasPasid = bits(ecap, 40, 40) == 1;
    hasSecond = bits(ecap, 46, 46) == 1;
    hasFirst = bits(ecap, 47, 47) == 1;
    hasRidPasid = bits(ecap, 49, 49) == 1;
  }

  /** Tells whether first-stage tables bear the marks of the last request, which went through. */
  boolean isMarked(boolean write) {
    return walker.isMarked(write);
  }

  /** AW 1, 2, 3 stand for 3, 4, 5 levels; bit AW of SAGAW allows it. */
  private boolean allows(long width) {
    return width >= 1 && width <= 3 && bits(widths, (int) width, (int) width) == 1;
  }

  private int deepest() {
    return allows(3) ? 5 : allows(2) ? 4 : 3;
  }

  private boolean foreignDomain(long domain) {
    return domain >>> domainBits != 0;
  }

  private long passThrough(long address, int beyond, boolean scalable) {
    int width = Math.min(Math.min(12 + 9 * deepest(), guestBits), hostBits);
    return address >>> width != 0 ? beyond : NaiveWalker.output(address, scalable);
  }

  /** The answer in legacy mode. */
  long legacy(long root, int source, long address, boolean write) {
    long at = root + 16L * (source >> 8);
    if (!walker.readable(at)) {
      return -0x08;
    }
    long low = memory.readQword(at);
    if (bits(low, 0, 0) == 0) {
      return -0x01;
    }
    if (bits(low, 11, 1) != 0 || low >>> hostBits != 0 || memory.readQword(at + 8) != 0) {
      return -0x0A;
    }
    at = (bits(low, 63, 12) << 12) + 16L * (source & 0xFF);
    if (!walker.readable(at)) {
      return -0x09;
    }
    low = memory.readQword(at);
    long high = memory.readQword(at + 8);
    if (bits(low, 0, 0) == 0) {
      return -0x02;
    }
    boolean bad = bits(low, 11, 4) != 0 || low >>> hostBits != 0;
    bad |= bits(high, 7, 7) != 0 || bits(high, 63, 24) != 0 || foreignDomain(bits(high, 23, 8));
    if (bad) {
      return -0x0B;
    }
    long type = bits(low, 3, 2);
    long width = bits(high, 2, 0);
    boolean valid = allows(width) && type != 3 && (type != 1 || hasDeviceTlb);
    valid &= type != 2 || (passes && width + 2 == deepest());
    if (!valid) {
      return -0x03;
    }
    if (type == 2) {
      return passThrough(address, -0x04, false);
    }
    return walker.second(bits(low, 63, 12) << 12, (int) width + 2, address, write, false);
  }

  /** The answer in scalable mode; without PASID it is -1. */
  long scalable(long root, int source, int pasid, long address, boolean write) {
    walker.forgetMarks();
    long at = root + 16L * (source >> 8);
    if (!walker.readable(at)) {
      return -0x38;
    }
    long low = memory.readQword(at);
    long high = memory.readQword(at + 8);
    long half = bits(source, 7, 7) == 0 ? low : high;
    if (bits(half, 0, 0) == 0) {
      return -0x39;
    }
    boolean bad = bits(half, 11, 1) != 0 || half >>> hostBits != 0;
    if (bad) {
      return -0x3A;
    }
    at = (bits(half, 63, 12) << 12) + 32L * (source & 0x7F);
    if (!walker.readable(at)) {
      return -0x40;
    }
    low = memory.readQword(at);
    high = memory.readQword(at + 8);
    if (bits(low, 0, 0) == 0) {
      return -0x41;
    }
    bad = bits(low, 8, 5) != 0 || bits(low, 4, 4) != 0 || low >>> hostBits != 0;
    bad |= (bits(low, 2, 2) == 1 && !hasDeviceTlb) || (bits(low, 3, 3) == 1 && !hasPasid);
    bad |= bits(high, 63, 20) != 0 || (high != 0 && !hasRidPasid);
    bad |= memory.readQword(at + 16) != 0 || memory.readQword(at + 24) != 0;
    if (bad) {
      return -0x42;
    }
    // The unit's reading of "invalid programming": a RID_PASID that is wider than PASIDs are.
    if (bits(high, 19, 0) >>> pasidBits != 0) {
      return -0x43;
    }
    long directories = 1L << bits(low, 11, 9) + 7;
    if (pasid >= 0) {
      if (bits(low, 3, 3) == 0) {
        return -0x45;
      }
      if (pasid >> 6 >= directories) {
        return -0x46;
      }
    }
    long used = pasid >= 0 ? pasid : bits(high, 19, 0);
    if (used >> 6 >= directories) {
      return -0x48;
    }
    return directory(bits(low, 63, 12) << 12, used, address, write);
  }

  /** Tells whether an entry has a bit that is reserved for want of a bit in ECAP. */
  private boolean needs(long entry, int bit, int capability) {
    return bits(entry, bit, bit) == 1 && bits(ecap, capability, capability) == 0;
  }

  private long directory(long directory, long pasid, long address, boolean write) {
    long at = directory + 8 * (pasid >> 6);
    if (!walker.readable(at)) {
      return -0x50;
    }
    long entry = memory.readQword(at);
    if (bits(entry, 0, 0) == 0) {
      return -0x51;
    }
    if (bits(entry, 11, 2) != 0 || entry >>> hostBits != 0) {
      return -0x52;
    }
    at = (bits(entry, 63, 12) << 12) + 64 * (pasid & 63);
    return walker.readable(at) ? pasid(at, address, write) : -0x58;
  }

  private long pasid(long at, long address, boolean write) {
    long low = memory.readQword(at);
    long middle = memory.readQword(at + 8);
    long high = memory.readQword(at + 16);
    if (bits(low, 0, 0) == 0) {
      return -0x59;
    }
    int type = (int) bits(low, 8, 6);
    boolean second = type == 2 || type == 3;
    boolean first = type == 1 || type == 3;
    boolean bad = bits(low, 11, 10) != 0 || bits(middle, 22, 16) != 0;
    bad |= foreignDomain(bits(middle, 15, 0)) || bits(high, 11, 8) != 0;
    bad |= needs(low, 5, 30) || needs(low, 9, 45) || needs(middle, 23, 48) || needs(middle, 24, 7);
    bad |= needs(middle, 25, 25) || needs(middle, 26, 25) || needs(middle, 27, 25);
    bad |= needs(middle, 28, 25) || needs(middle, 29, 25);
    bad |= needs(high, 0, 31) || needs(high, 1, 30) || needs(high, 7, 34);
    for (int word = 3; word < 8; word++) {
      bad |= memory.readQword(at + 8L * word) != 0;
    }
    bad |= second && exceeds(low, hostBits);
    bad |= type == 1 && exceeds(high, hostBits);
    if (bad) {
      return -0x5A;
    }
    long width = bits(low, 4, 2);
    long depth = bits(high, 3, 2);
    boolean valid =
        switch (type) {
          case 1 -> hasFirst;
          case 2 -> hasSecond && allows(width);
          case 3 -> hasNested && allows(width);
          case 4 -> passes && width + 2 == deepest();
          default -> false;
        };
    valid &= !first || depth == 0 || (depth == 1 && hasFiveLevelFirst);
    if (!valid) {
      return -0x5B;
    }
    if (type == 4) {
      return passThrough(address, -0x83, true);
    }
    boolean special = bits(low, 5, 5) + bits(low, 9, 9) + bits(high, 5, 5) + bits(high, 7, 7) != 0;
    if (special) {
      return UNKNOWN;
    }
    long secondTop = bits(low, 63, 12) << 12;
    if (!first) {
      return walker.second(secondTop, (int) width + 2, address, write, true);
    }
    return walker.first(
        bits(high, 63, 12) << 12,
        4 + (int) depth,
        address,
        write,
        type == 3 ? secondTop : 0,
        (int) width + 2,
        bits(middle, 23, 23) == 1);
  }
}
