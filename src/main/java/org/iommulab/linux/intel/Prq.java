package org.iommulab.linux.intel;

import static org.iommulab.vtd.layout.PageRequest.ADDR;
import static org.iommulab.vtd.layout.PageRequest.EXR;
import static org.iommulab.vtd.layout.PageRequest.LPIG;
import static org.iommulab.vtd.layout.PageRequest.PASID;
import static org.iommulab.vtd.layout.PageRequest.PMR;
import static org.iommulab.vtd.layout.PageRequest.PP;
import static org.iommulab.vtd.layout.PageRequest.PRGI;
import static org.iommulab.vtd.layout.PageRequest.RDR;
import static org.iommulab.vtd.layout.PageRequest.RID;
import static org.iommulab.vtd.layout.PageRequest.WRR;

import java.util.Locale;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.FlushRange;
import org.iommulab.linux.intel.queue.QiDescriptors;
import org.iommulab.linux.intel.queue.UnitRegisters;
import org.iommulab.linux.iommu.FaultPageRequest;
import org.iommulab.linux.iommu.PageResponse;
import org.iommulab.linux.mm.KernelPages;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/**
 * The ring in which a unit puts page requests of devices, and the thread that drains it
 * (intel/prq.c).
 */
final class Prq {

  /** 2^4 pages: 64 KiB, 2048 requests. */
  private static final int ORDER = 4;

  private static final int PAGES = 1 << ORDER;
  private static final long RING_MASK = PAGES * 4096L - 32;
  private static final int REQUEST_BYTES = 32;
  private static final int PATIENCE = 16;

  private final KernelParts parts;
  private final PhysicalMemory memory;
  private final CallTrace trace;
  private final IntelUnit unit;
  private final UnitRegisters registers;
  private final long ring;

  private Prq(KernelParts parts, IntelUnit unit, long ring) {
    this.parts = parts;
    this.memory = parts.memory();
    this.trace = parts.trace();
    this.unit = unit;
    this.registers = unit.registers();
    this.ring = ring;
  }

  /**
   * {@code intel_iommu_enable_prq()}.
   *
   * @param vector of the queue's interrupt
   * @return null if memory ran out
   */
  static @Nullable Prq enable(KernelParts parts, IntelUnit unit, int vector) {
    long ring = KernelPages.allocate(parts.frames(), parts.memory(), ORDER);
    if (ring < 0) {
      parts.log().print("IOMMU: " + unit.name() + ": Failed to allocate page request queue");
      return null;
    }
    if (parts.trace().isOn()) {
      parts.trace().enter("intel_iommu_enable_prq").text("iommu", unit.name());
    }
    UnitRegisters registers = unit.registers();
    registers.write(RegisterLayouts.PEDATA, vector);
    registers.write(RegisterLayouts.PEADDR, DmarFault.MESSAGE_ADDRESS);
    registers.write(RegisterLayouts.PEUADDR, 0);
    registers.write(RegisterLayouts.PECTL, 0);
    registers.write(RegisterLayouts.PQH, 0);
    registers.write(RegisterLayouts.PQT, 0);
    registers.write(RegisterLayouts.PQA, Page.address(ring) | ORDER);
    if (parts.trace().isOn()) {
      parts.trace().leave();
    }
    return new Prq(parts, unit, Page.address(ring));
  }

  // ---- the thread -------------------------------------------------------------------------------

  /** {@code prq_event_thread()}: hands every request in the ring to the core. */
  void drainRing() {
    if (trace.isOn()) {
      trace.enter("prq_event_thread").text("iommu", unit.name());
    }
    // Cleared before the pointers are read: a request that comes now raises a new interrupt.
    registers.write(RegisterLayouts.PRS, RegisterLayouts.PRS.field("PPR").mask());
    long tail = registers.read(RegisterLayouts.PQT) & RING_MASK;
    long head = registers.read(RegisterLayouts.PQH) & RING_MASK;
    while (head != tail) {
      take(memory.readQword(ring + head), memory.readQword(ring + head + 8));
      head = (head + REQUEST_BYTES) & RING_MASK;
    }
    registers.write(RegisterLayouts.PQH, tail);
    if (overflown()) {
      limited(": PRQ overflow detected");
      head = registers.read(RegisterLayouts.PQH) & RING_MASK;
      tail = registers.read(RegisterLayouts.PQT) & RING_MASK;
      if (head == tail) {
        unit.devices().forEach(info -> info.device().discardPartialFaults());
        registers.write(RegisterLayouts.PRS, RegisterLayouts.PRS.field("PRO").mask());
        limited(": PRQ overflow cleared");
      }
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }

  /** Each place has a limit of its own, and all bear the function's name. */
  private void limited(String text) {
    boolean allowed = parts.log().allows("prq_event_thread", text);
    parts.log().print("IOMMU: " + unit.name() + text, allowed);
  }

  private boolean overflown() {
    return RegisterLayouts.PRS.field("PRO").isSet(registers.read(RegisterLayouts.PRS));
  }

  private void take(long low, long high) {
    boolean read = RDR.isSet(high);
    boolean write = WRR.isSet(high);
    boolean last = LPIG.isSet(high);
    long address = ADDR.get(high);
    if (!PP.isSet(low) && !parts.era().atLeast(Era.V6_18)) {
      refuse(low, high, "Page request without PASID");
    } else if (address << 16 >> 16 != address) {
      refuse(low, high, "Address is not canonical");
    } else if (PMR.isSet(low) && (read || write)) {
      refuse(low, high, "Page request in Privilege Mode");
    } else if (EXR.isSet(low) && read) {
      refuse(low, high, "Execution request not supported");
    } else if (last && !read && !write) {
      trace.effect("stop marker, nothing to answer");
    } else {
      report(low, high);
    }
  }

  private void report(long low, long high) {
    var sid = new SourceId(unit.drhd().segment(), (int) RID.get(low));
    DeviceInfo info = unit.device(sid);
    if (info == null) {
      // Unknown to the driver: it says no more than that the request is bad.
      refuse(low, high, "");
      return;
    }
    int permissions = RDR.isSet(high) ? FaultPageRequest.READ : 0;
    permissions |= WRR.isSet(high) ? FaultPageRequest.WRITE : 0;
    permissions |= EXR.isSet(low) ? FaultPageRequest.EXECUTE : 0;
    permissions |= PMR.isSet(low) ? FaultPageRequest.PRIVILEGED : 0;
    if (trace.isOn()) {
      trace
          .enter("intel_prq_report")
          .text("dev", info.device().toString())
          .hex("addr", ADDR.get(high));
    }
    Status status =
        info.device()
            .reportFault(
                new FaultPageRequest(
                    LPIG.isSet(high),
                    pasid(low),
                    (int) PRGI.get(high),
                    permissions,
                    ADDR.get(high)));
    parts.leave(status);
  }

  private static Pasid pasid(long low) {
    return PP.isSet(low) ? new Pasid((int) PASID.get(low)) : Pasid.NONE;
  }

  /** {@code handle_bad_prq_event()}: nobody gets to see such a request. */
  private void refuse(long low, long high, String why) {
    if (!why.isEmpty()) {
      parts.log().print("IOMMU: " + unit.name() + ": " + why);
    }
    parts
        .log()
        .print(
            String.format(
                Locale.ROOT, "%s: Invalid page request: %08x %08x", unit.name(), low, high));
    if (LPIG.isSet(high)) {
      send((int) RID.get(low), pasid(low), (int) PRGI.get(high), PageResponse.INVALID);
    }
  }

  // ---- answers ----------------------------------------------------------------------------------

  /** {@code intel_iommu_page_response()}. */
  void respond(SourceId sid, FaultPageRequest request, PageResponse response) {
    if (trace.isOn()) {
      trace
          .enter("intel_iommu_page_response")
          .text("dev", sid.toString())
          .text("code", response.name());
    }
    send(sid.value(), request.pasid(), request.groupId(), response);
    if (trace.isOn()) {
      trace.leave();
    }
  }

  private void send(int sid, Pasid pasid, int group, PageResponse response) {
    int code =
        switch (response) {
          case SUCCESS -> 0;
          case INVALID -> 1;
          case FAILURE -> 15;
        };
    long[] answer = {
      QiDescriptors.pageResponse(sid, pasid, code), QiDescriptors.pageResponseGroup(group)
    };
    unit.flusher().submit(answer, 1);
  }

  /**
   * {@code intel_iommu_drain_pasid_prq()}: first the ring, then what the device and the unit still
   * hold.
   */
  void drain(DeviceInfo info, Pasid pasid, int domainId) {
    if (trace.isOn()) {
      trace
          .enter("intel_iommu_drain_pasid_prq")
          .text("dev", info.device().toString())
          .number("pasid", pasid.value());
    }
    drainRing();
    boolean plain = pasid.equals(Pasid.OF_REQUESTER);
    int sid = info.sid().value();
    boolean function = unit.namesPhysicalFunction();
    long[] steps = {
      QiDescriptors.fence(),
      0,
      plain
          ? unit.flusher().iotlbQw0(QiDescriptors.DOMAIN, domainId)
          : QiDescriptors.pasidIotlb(false, domainId, pasid),
      0,
      plain
          ? QiDescriptors.deviceTlb(sid, function)
          : QiDescriptors.pasidDeviceTlb(sid, pasid, function),
      QiDescriptors.deviceAddress(0, FlushRange.EVERYTHING)
    };
    for (int i = 0; i < PATIENCE; i++) {
      unit.flusher().submitAndDrain(steps, 3);
      if (!overflown()) {
        break;
      }
      drainRing();
    }
    if (trace.isOn()) {
      trace.leave();
    }
  }
}
