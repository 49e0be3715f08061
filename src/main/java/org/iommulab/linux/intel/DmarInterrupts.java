package org.iommulab.linux.intel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.intel.queue.UnitRegisters;
import org.iommulab.vtd.layout.RegisterLayouts;

/** The units' own interrupts: faults and page requests, each with a vector of its own. */
final class DmarInterrupts {

  private static final int FIRST_VECTOR = 0x21;

  private final KernelParts parts;
  private final List<DmarFault> faults = new ArrayList<>();
  private final Map<Integer, IntelUnit> pageRequests = new HashMap<>();
  private int nextVector = FIRST_VECTOR;

  DmarInterrupts(KernelParts parts) {
    this.parts = parts;
  }

  /** {@code dmar_set_interrupt()}: where the unit sends its fault event. */
  void setFaultInterrupt(IntelUnit unit) {
    if (parts.trace().isOn()) {
      parts.trace().enter("dmar_set_interrupt").text("iommu", unit.name());
    }
    int vector = nextVector++;
    UnitRegisters registers = unit.registers();
    registers.write(RegisterLayouts.FEDATA, vector);
    registers.write(RegisterLayouts.FEADDR, DmarFault.MESSAGE_ADDRESS);
    var fault = new DmarFault(parts, unit, vector);
    faults.add(fault);
    // Faults from before the driver came are read and cleared before the event may fire.
    fault.handle(DmarFault.MESSAGE_ADDRESS, vector);
    registers.write(RegisterLayouts.FECTL, 0);
    if (parts.trace().isOn()) {
      parts.trace().leave();
    }
  }

  /** Switches a unit's page requests on, if it has any. */
  void enablePageRequests(IntelUnit unit) {
    if (unit.enablePageRequests(nextVector)) {
      pageRequests.put(nextVector++, unit);
    }
  }

  /** Handles a message; false if it is nobody's. */
  boolean handle(long address, int data) {
    for (DmarFault fault : faults) {
      if (fault.handle(address, data)) {
        return true;
      }
    }
    IntelUnit unit = address == DmarFault.MESSAGE_ADDRESS ? pageRequests.get(data & 0xFF) : null;
    Prq queue = unit == null ? null : unit.pageRequests();
    if (queue == null) {
      return false;
    }
    queue.drainRing();
    return true;
  }
}
