package org.iommulab.lab.machine;

/**
 * An interrupt that reached the processors.
 *
 * @param address message address, upper destination bits in 63:40
 * @param data message data
 */
public record InterruptMessage(long address, int data) {

  /** Vector, 0 to 255. */
  public int vector() {
    return data & 0xFF;
  }

  /** Destination APIC id, low eight bits. */
  public int destination() {
    return (int) (address >>> 12) & 0xFF;
  }

  /** 0 physical, 1 logical. */
  public int destinationMode() {
    return (int) (address >>> 2) & 1;
  }

  /** Delivery mode, 0 fixed. */
  public int deliveryMode() {
    return data >>> 8 & 7;
  }

  /** Trigger mode: 0 edge, 1 level. */
  public int triggerMode() {
    return data >>> 15 & 1;
  }
}
