package org.iommulab.qemu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.bus.MessageSink;
import org.iommulab.bus.Mmio;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;

/**
 * The VT-d unit a guest sees. The guest's driver programs it like a real one; but assigned devices
 * are translated by the host, which knows nothing of the guest's tables. So whenever the guest
 * invalidates something, its tables are read again and the host is told the difference. That works
 * only in caching mode, where the guest invalidates after every map as well.
 */
final class VirtualUnit implements Mmio {

  private static final long LAST_IOVA = Long.MAX_VALUE;

  private final RemappingUnit unit;
  private final PhysicalMemory memory;
  private final CallTrace trace;
  private final Messages messages;
  private final List<DeviceAddressSpace> devices = new ArrayList<>();

  VirtualUnit(
      UnitConfiguration configuration,
      PhysicalMemory memory,
      MessageSink interrupts,
      CallTrace trace,
      Messages messages) {
    this.unit = new RemappingUnit(configuration, memory, interrupts);
    this.memory = memory;
    this.trace = trace;
    this.messages = messages;
  }

  boolean cachingMode() {
    return CapabilityLayout.CM.isSet(unit.configuration().capabilities().cap());
  }

  boolean translating() {
    return tables().translationEnabled();
  }

  private TableBrowser tables() {
    return new TableBrowser(memory, RegisterValues.of(unit));
  }

  /** An assigned device comes; refused without caching mode. */
  SyscallResult plug(DeviceAddressSpace device) {
    if (!cachingMode()) {
      messages.print(
          String.format(
              Locale.ROOT,
              "device %s requires caching mode, but the guest's unit has CM=0",
              device.device()));
      return SyscallResult.fail(
          Errno.EOPNOTSUPP, "an assigned device behind a vIOMMU needs caching mode");
    }
    SyscallResult result = device.plug(tables());
    if (!result.failed()) {
      devices.add(device);
    }
    return result;
  }

  @Override
  public long read(int offset, int size) {
    return unit.read(offset, size);
  }

  @Override
  public void write(int offset, int size, long value) {
    long head = unit.read(RegisterLayouts.IQH.position(), 8);
    long status = unit.read(RegisterLayouts.GSTS.position(), 4);
    unit.write(offset, size, value);
    if (unit.read(RegisterLayouts.GSTS.position(), 4) != status) {
      refreshAll();
    }
    var capabilities = unit.configuration().capabilities();
    if (offset == RegisterLayouts.IQT.position()) {
      processed(head);
    } else if (offset == RegisterLayouts.CCMD.position()) {
      contextInvalidated("vtd_context_global_invalidate");
    } else if (offset == RegisterLayouts.IOTLB.offset(capabilities.cap(), capabilities.ecap())) {
      // Reading too much again does no harm, so the range in the register does not matter.
      syncAll("vtd_iotlb_global_invalidate", 0, LAST_IOVA, -1);
    }
  }

  private void refreshAll() {
    TableBrowser tables = tables();
    for (DeviceAddressSpace device : devices) {
      device.switchAddressSpace(tables);
      device.sync(tables, 0, LAST_IOVA);
    }
  }

  // ---- the queue --------------------------------------------------------------------------------

  /** Looks at the descriptors that the unit has carried out since its head stood there. */
  private void processed(long headBefore) {
    if (trace.isOn()) {
      trace.enter("vtd_handle_iqt_write");
    }
    tables()
        .queue()
        .ifPresent(
            queue -> {
              int width = queue.descriptorBytes();
              long end = unit.read(RegisterLayouts.IQH.position(), 8);
              for (long at = headBefore; at != end; at = (at + width) % queue.bytes()) {
                long address = queue.address() + at;
                descriptor(new long[] {memory.readQword(address), memory.readQword(address + 8)});
              }
            });
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void descriptor(long[] quadwords) {
    InvalidationDescriptor kind = InvalidationDescriptor.of(quadwords[0]);
    if (kind == InvalidationDescriptor.CONTEXT_CACHE) {
      contextInvalidated("vtd_process_context_cache_desc");
    } else if (kind == InvalidationDescriptor.IOTLB) {
      iotlb(quadwords);
    }
  }

  private void contextInvalidated(String function) {
    if (trace.isOn()) {
      trace.enter(function);
    }
    refreshAll();
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void iotlb(long[] quadwords) {
    InvalidationDescriptor kind = InvalidationDescriptor.IOTLB;
    int domain = (int) kind.field("DID").get(quadwords);
    switch ((int) kind.field("G").get(quadwords)) {
      case 1 -> syncAll("vtd_iotlb_global_invalidate", 0, LAST_IOVA, -1);
      case 2 -> syncAll("vtd_iotlb_domain_invalidate", 0, LAST_IOVA, domain);
      default -> {
        long size = 4096L << kind.field("AM").get(quadwords);
        long first = kind.field("ADDR").get(quadwords) & -size;
        syncAll("vtd_iotlb_page_invalidate", first, first + size - 1, domain);
      }
    }
  }

  /** Brings every device of a domain, or of all domains, in step. */
  private void syncAll(String function, long first, long last, int domain) {
    if (trace.isOn()) {
      trace.enter(function).number("domain", domain).hex("addr", first);
    }
    TableBrowser tables = tables();
    for (DeviceAddressSpace device : devices) {
      if (domain < 0 || device.domainId(tables) == domain) {
        device.sync(tables, first, last);
      }
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }
}
