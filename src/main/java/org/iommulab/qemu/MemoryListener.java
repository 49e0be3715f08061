package org.iommulab.qemu;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;

/**
 * Keeps a container in step with the guest's memory: what is memory there is mapped one to one, so
 * that devices find guest-physical addresses where the guest's drivers put them.
 */
final class MemoryListener {

  private final VfioContainer container;
  private final CallTrace trace;
  private final Messages messages;

  /** Sections that are mapped: bytes by first address. */
  private final Map<Long, Long> mapped = new LinkedHashMap<>();

  MemoryListener(VfioContainer container, CallTrace trace, Messages messages) {
    this.container = container;
    this.trace = trace;
    this.messages = messages;
  }

  /**
   * Maps every section of a guest; stops at the first that fails.
   *
   * @return the failure, or success
   */
  SyscallResult addAll(GuestLayout layout) {
    for (MemorySection section : layout.sections()) {
      SyscallResult result = regionAdd(section);
      if (result.failed()) {
        removeAll();
        return result;
      }
    }
    return SyscallResult.ok(0);
  }

  void removeAll() {
    for (long start : mapped.keySet().stream().toList()) {
      unmap(start);
    }
  }

  /** {@code vfio_listener_region_add()}: whole pages of memory are mapped, the rest is skipped. */
  SyscallResult regionAdd(MemorySection section) {
    if (trace.isOn()) {
      trace
          .enter("vfio_listener_region_add")
          .text("name", section.name())
          .hex("start", section.start())
          .hex("end", section.end() - 1);
    }
    SyscallResult result = add(section);
    result.leave(trace);
    return result;
  }

  private SyscallResult add(MemorySection section) {
    long first = (section.start() + Page.BYTES - 1) & -Page.BYTES;
    long end = section.end() & -Page.BYTES;
    if (!section.isMemory() || first >= end) {
      if (trace.isOn()) {
        trace.effect(section.isMemory() ? "no whole page: skipped" : "no memory: skipped");
      }
      return SyscallResult.ok(0);
    }
    if (((section.start() ^ section.vaddr()) & (Page.BYTES - 1)) != 0) {
      messages.print("vfio_listener_region_add received unaligned region " + section.name());
      return SyscallResult.ok(0);
    }
    long vaddr = section.vaddr() + (first - section.start());
    boolean readonly = section.kind() == MemorySection.Kind.ROM;
    SyscallResult result = container.dmaMap(first, end - first, vaddr, readonly);
    if (!result.failed()) {
      mapped.put(first, end - first);
      return result;
    }
    if (section.kind() == MemorySection.Kind.RAM_DEVICE) {
      // Without it devices cannot reach each other's windows; everything else works.
      messages.print("PCI peer-to-peer transactions on BARs are not supported.");
      return SyscallResult.ok(0);
    }
    return result;
  }

  /** {@code vfio_listener_region_del()}. */
  void regionDel(MemorySection section) {
    if (trace.isOn()) {
      trace
          .enter("vfio_listener_region_del")
          .text("name", section.name())
          .hex("start", section.start())
          .hex("end", section.end() - 1);
    }
    unmap((section.start() + Page.BYTES - 1) & -Page.BYTES);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void unmap(long start) {
    Long size = mapped.remove(start);
    if (size != null) {
      container.dmaUnmap(start, size);
    }
  }

  /** Bytes that are mapped now. */
  long bytes() {
    return mapped.values().stream().mapToLong(Long::longValue).sum();
  }
}
