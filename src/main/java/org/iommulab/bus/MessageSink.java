package org.iommulab.bus;

/** Takes interrupt messages after remapping: the processors' side of the interrupt controller. */
@FunctionalInterface
public interface MessageSink {

  /**
   * Delivers one message.
   *
   * @param address 0xFEExxxxx with the upper destination bits in 63:32
   * @param data the message data
   */
  void deliver(long address, int data);
}
