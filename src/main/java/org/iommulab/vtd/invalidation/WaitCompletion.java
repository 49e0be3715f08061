package org.iommulab.vtd.invalidation;

import org.iommulab.bits.Field;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.config.Surroundings;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.register.EventMessage;
import org.iommulab.vtd.register.RegisterFile;

/** What a completed wait descriptor does: a status word, and the completion event. */
final class WaitCompletion {

  private static final Field IF = InvalidationDescriptor.WAIT.field("IF");
  private static final Field SW = InvalidationDescriptor.WAIT.field("SW");
  private static final Field DATA = InvalidationDescriptor.WAIT.field("STATUS_DATA");
  private static final Register ICS = RegisterLayouts.ICS;
  private static final long IWC = ICS.field("IWC").mask();

  private final RegisterFile registers;
  private final PhysicalMemory memory;
  private final EventMessage event;

  WaitCompletion(RegisterFile registers, Surroundings surroundings) {
    this.registers = registers;
    memory = surroundings.memory();
    event = new EventMessage(registers, surroundings.messages(), RegisterLayouts.IECTL);
    registers.onWrite(ICS, this::statusWritten);
  }

  private void statusWritten() {
    if ((registers.get32(ICS.position()) & IWC) == 0) {
      event.conditionsGone();
    }
  }

  /** Tells whether there is memory where a status word goes. */
  boolean reaches(long address) {
    return memory.frame(Page.number(address)) != null;
  }

  /** Carries out what a wait descriptor asks for. */
  void complete(long low, long high) {
    if (SW.isSet(low)) {
      memory.writeDword(high & ~3L, (int) DATA.get(low));
    }
    if (IF.isSet(low) && (registers.get32(ICS.position()) & IWC) == 0) {
      registers.change32(ICS.position(), IWC, IWC);
      event.raise();
    }
  }
}
