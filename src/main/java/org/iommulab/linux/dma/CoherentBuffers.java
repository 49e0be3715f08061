package org.iommulab.linux.dma;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/** Coherent buffers in use, by the kernel address their driver knows. */
final class CoherentBuffers {

  private static final long VMALLOC_START = 0xFFFF_C900_0000_0000L;

  private static final long VMALLOC_END = 0xFFFF_E8FF_FFFF_FFFFL;

  /** Tells whether an address is one of {@code vmalloc()}'s. */
  static boolean isVmalloc(long address) {
    return Long.compareUnsigned(address, VMALLOC_START) >= 0
        && Long.compareUnsigned(address, VMALLOC_END) <= 0;
  }

  /** One buffer. */
  record Held(DmaDevice device, long cpuAddress, long size, CoherentMemory memory) {}

  private final TreeMap<Long, Held> held = new TreeMap<>();
  private long nextVirtual = VMALLOC_START;

  Held keep(DmaDevice device, long size, CoherentMemory memory) {
    long address = memory.remapped() ? vmap(size) : CoherentPages.direct(memory.pages().first());
    var buffer = new Held(device, address, size, memory);
    held.put(address, buffer);
    return buffer;
  }

  /** A range of its own, followed by a guard page. */
  private long vmap(long size) {
    long address = nextVirtual;
    nextVirtual += Page.roundUp(size) + 4096;
    return address;
  }

  /** The buffer by its kernel address, or by its address on the bus; null if there is none. */
  @Nullable Held find(DmaDevice device, long cpuAddress, long handle) {
    Held exact = held.get(cpuAddress);
    if (exact != null && exact.device() == device) {
      return exact;
    }
    for (Held buffer : held.values()) {
      if (buffer.device() == device && buffer.memory().handle() == handle) {
        return buffer;
      }
    }
    return null;
  }

  /** Physical memory behind a kernel address; physical addresses stay as they are. */
  long physical(long address) {
    var below = held.floorEntry(address);
    if (below != null && below.getValue().memory().remapped()) {
      long offset = address - below.getKey();
      List<Long> frames = below.getValue().memory().pages().addresses();
      if (offset < frames.size() * 4096L) {
        return frames.get((int) Page.number(offset)) + (offset & 4095);
      }
    }
    return CoherentPages.physical(address);
  }

  void forget(Held buffer) {
    held.remove(buffer.cpuAddress());
  }

  Collection<Held> all() {
    return held.values();
  }

  List<DmaView.Coherent> view() {
    var views = new ArrayList<DmaView.Coherent>();
    for (Held buffer : held.values()) {
      views.add(
          new DmaView.Coherent(
              buffer.device().pci().sid(),
              buffer.cpuAddress(),
              buffer.memory().handle(),
              buffer.size(),
              buffer.memory().pages().addresses()));
    }
    return views;
  }
}
