package org.iommulab.bus;

/** Takes interrupt messages after remapping: the processors' side of the interrupt controller. */
@FunctionalInterface
public interface MessageSink {

  /** First of the addresses whose writes are interrupts. Source: vtd.md 4.6. */
  long FIRST = 0xFEE0_0000L;

  /** Last of them. */
  long LAST = 0xFEEF_FFFFL;

  /**
   * Delivers one message.
   *
   * @param address 0xFEExxxxx with the upper destination bits in 63:32
   * @param data the message data
   */
  void deliver(long address, int data);
}
