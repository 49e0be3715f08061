package org.iommulab.linux.pci;

import org.iommulab.bus.MessageSink;

/** Turns vectors of processors into messages that devices can send. */
public interface InterruptDomain {

  /** Without remapping: the message names processor and vector itself. */
  InterruptDomain DIRECT =
      new InterruptDomain() {

        @Override
        public int allocate(PciDevice device, int count) {
          return 0;
        }

        @Override
        public MsiMessage compose(PciDevice device, int handle, int sub, int vector, int cpu) {
          return new MsiMessage(MessageSink.FIRST | (cpu & 0xFFL) << 12, vector);
        }

        @Override
        public void free(PciDevice device, int handle, int count) {}
      };

  /**
   * Makes room for interrupts of a device.
   *
   * @return a handle for {@link #compose}, -1 if there is no room
   */
  int allocate(PciDevice device, int count);

  /**
   * Directs one of the interrupts, also anew.
   *
   * @param sub which one, from 0
   * @param cpu APIC id of the processor
   * @return what the device must send
   */
  MsiMessage compose(PciDevice device, int handle, int sub, int vector, int cpu);

  /** Gives the room back. */
  void free(PciDevice device, int handle, int count);
}
