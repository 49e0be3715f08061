package org.iommulab.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.Mmio;
import org.iommulab.memory.PhysicalMemory;

/** A register file that obeys commands and empties its queue, and translates nothing. */
public final class FakeUnit implements Mmio {

  /** Machine L of the lessons. */
  public static final long CAP_L = 0x08D2078C106F0466L;

  public static final long ECAP_L = 0xF020DFL;

  /** A queue descriptor other than a wait. */
  public record Descriptor(long qw0, long qw1) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%X / %X", qw0, qw1);
    }
  }

  private final Map<Integer, Long> values = new HashMap<>();
  private final List<Descriptor> seen = new ArrayList<>();
  private final PhysicalMemory memory;
  private int waits;

  public FakeUnit(PhysicalMemory memory, long cap, long ecap) {
    this.memory = memory;
    values.put(0x00, 0x10L);
    values.put(0x08, cap);
    values.put(0x10, ecap);
  }

  /** Descriptors since the last call, waits left out. */
  public List<Descriptor> takeDescriptors() {
    var taken = List.copyOf(seen);
    seen.clear();
    waits = 0;
    return taken;
  }

  /** Wait descriptors since the last {@link #takeDescriptors}. */
  public int waits() {
    return waits;
  }

  @Override
  public long read(int offset, int size) {
    return values.getOrDefault(offset, 0L);
  }

  @Override
  public void write(int offset, int size, long value) {
    switch (offset) {
      case 0x18 -> {
        long status = value & 0xFFFF_FFFFL;
        values.put(0x1C, status & ~(1L << 27));
      }
      case 0x34 -> values.put(0x34, values.getOrDefault(0x34, 0L) & ~value);
      case 0x88 -> {
        values.put(0x88, value);
        run();
      }
      default -> values.put(offset, value);
    }
  }

  private void run() {
    long head = values.getOrDefault(0x80, 0L);
    long base = values.getOrDefault(0x90, 0L) & -4096L;
    while (head != values.get(0x88)) {
      long qw0 = memory.readQword(base + head);
      long qw1 = memory.readQword(base + head + 8);
      if ((qw0 & 15) == 5) {
        waits++;
        memory.writeDword(qw1 & -4L, (int) (qw0 >>> 32));
      } else {
        seen.add(new Descriptor(qw0, qw1));
      }
      head = (head + 16) % 4096;
      values.put(0x80, head);
    }
  }
}
