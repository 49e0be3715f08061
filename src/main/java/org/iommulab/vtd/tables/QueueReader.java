package org.iommulab.vtd.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.bits.Field;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.RegisterLayouts;

/** Reads the ring of invalidation descriptors. */
final class QueueReader {

  private static final Field BASE = RegisterLayouts.IQA.field("IQA");
  private static final Field SIZE = RegisterLayouts.IQA.field("QS");
  private static final Field WIDTH = RegisterLayouts.IQA.field("DW");
  private static final Field ENABLED = RegisterLayouts.GSTS.field("QIES");
  private static final int NARROW = 16;
  private static final int WIDE = 32;

  private final PhysicalMemory memory;
  private final RegisterValues registers;

  QueueReader(PhysicalMemory memory, RegisterValues registers) {
    this.memory = memory;
    this.registers = registers;
  }

  Optional<QueueContents> read() {
    long iqa = registers.iqa();
    if (BASE.get(iqa) == 0 && !ENABLED.isSet(registers.gsts())) {
      return Optional.empty();
    }
    int bytes = PhysicalMemory.FRAME_BYTES << SIZE.get(iqa);
    int width = isWide(BASE.get(iqa), bytes) ? WIDE : NARROW;
    return Optional.of(
        new QueueContents(
            BASE.get(iqa),
            bytes,
            width,
            WIDTH.isSet(iqa),
            registers.iqh(),
            registers.iqt(),
            descriptors(BASE.get(iqa), bytes, width)));
  }

  /**
   * QEMU 7.2 does not give IQA.DW back, so a zero there proves nothing on a unit with scalable
   * mode. In scalable mode the queue must be wide; otherwise the slots tell: the upper half of
   * every wide descriptor is zero.
   */
  private boolean isWide(long base, int bytes) {
    if (WIDTH.isSet(registers.iqa()) || Mode.of(registers.rtaddr()) == Mode.SCALABLE) {
      return true;
    }
    if (!registers.hasScalableMode()) {
      return false;
    }
    int lower = 0;
    for (int at = 0; at < bytes; at += WIDE) {
      lower += quadword(base + at) != 0 ? 1 : 0;
      if ((quadword(base + at + 16) | quadword(base + at + 24)) != 0) {
        return false;
      }
    }
    return lower > 1;
  }

  private long quadword(long address) {
    long[] page = RootWalk.page(memory, Page.start(address));
    return page == null ? 0 : page[(int) address >>> 3 & PhysicalMemory.FRAME_QUADWORDS - 1];
  }

  private List<QueueContents.Descriptor> descriptors(long base, int bytes, int width) {
    var all = new ArrayList<QueueContents.Descriptor>();
    for (int slot = 0; slot * width < bytes; slot++) {
      long address = base + (long) slot * width;
      var quadwords = new long[width / 8];
      long any = 0;
      for (int i = 0; i < quadwords.length; i++) {
        quadwords[i] = quadword(address + 8L * i);
        any |= quadwords[i];
      }
      if (any != 0) {
        all.add(new QueueContents.Descriptor(slot, address, quadwords));
      }
    }
    return all;
  }
}
