package org.iommulab.vtd.tables;

import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.FaultRecord;

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
    return FaultRecord.F.isSet(hi);
  }

  public int reason() {
    return (int) FaultRecord.FR.get(hi);
  }

  /** The PASID of the request, -1 if it had none. */
  public int pasid() {
    return FaultRecord.PP.isSet(hi) ? (int) FaultRecord.PV.get(hi) : -1;
  }

  public SourceId source() {
    return new SourceId((int) FaultRecord.SID.get(hi));
  }

  public long address() {
    return FaultRecord.FI.get(lo);
  }

  /** T1, bit 126: a read (or, with T2, an atomic access). */
  public boolean read() {
    return FaultRecord.T1.isSet(hi);
  }

  /** Address type of the request. */
  public int addressType() {
    return (int) FaultRecord.AT.get(hi);
  }
}
