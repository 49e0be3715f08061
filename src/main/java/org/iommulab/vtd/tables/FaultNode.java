package org.iommulab.vtd.tables;

import org.iommulab.bus.SourceId;

/**
 * One fault-recording register.
 *
 * @param index its number
 * @param lo bits 63:0
 * @param hi bits 127:64
 */
public record FaultNode(int index, long lo, long hi) {

  /** The record holds a fault that software has not cleared. */
  public boolean pending() {
    return hi < 0;
  }

  public int reason() {
    return (int) (hi >>> 32) & 0xFF;
  }

  public SourceId source() {
    return new SourceId((int) hi & 0xFFFF);
  }

  public long address() {
    return lo & ~0xFFFL;
  }

  /** T1, bit 126: a read (or, with T2, an atomic access). */
  public boolean read() {
    return (hi >>> 62 & 1) != 0;
  }

  /** Address type of the request. */
  public int addressType() {
    return (int) (hi >>> 60) & 3;
  }
}
