package org.iommulab.vtd;

import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/** The fault recording registers and the fault status register. Source: vtd.md 5.4. */
final class FaultLog {

  private static final int STATUS = RegisterLayouts.FSTS.position();
  private static final long OVERFLOW = RegisterLayouts.FSTS.field("PFO").mask();
  private static final long PENDING = RegisterLayouts.FSTS.field("PPF").mask();
  private static final long QUEUE_ERROR = RegisterLayouts.FSTS.field("IQE").mask();
  private static final long COMPLETION_ERROR = RegisterLayouts.FSTS.field("ICE").mask();
  private static final long TIMEOUT_ERROR = RegisterLayouts.FSTS.field("ITE").mask();
  private static final long CONDITIONS =
      OVERFLOW | PENDING | QUEUE_ERROR | COMPLETION_ERROR | TIMEOUT_ERROR;
  private static final Register FSTS = RegisterLayouts.FSTS;

  private final RegisterFile registers;
  private final EventMessage event;
  private final int firstRecord;
  private final int records;
  private final boolean collapses;
  private final boolean reviewsOnStatusWriteOnly;
  private int next;

  FaultLog(UnitConfiguration configuration, RegisterFile registers, EventMessage event) {
    this.registers = registers;
    this.event = event;
    this.firstRecord = configuration.capabilities().faultRecordOffset();
    this.records = configuration.capabilities().faultRecords();
    this.collapses = configuration.has(Quirk.FAULTS_COLLAPSE_BY_REQUESTER);
    this.reviewsOnStatusWriteOnly =
        configuration.has(Quirk.FAULT_EVENT_REVIEWED_ON_STATUS_WRITE_ONLY);
  }

  int next() {
    return next;
  }

  void setNext(int index) {
    next = index;
  }

  /**
   * Records a fault if there is room.
   *
   * @param information page address, or interrupt index in 63:48
   * @param source requester id
   * @param details the remaining bits of the record's upper quadword: PASID, type, attributes
   * @return whether a record was written
   */
  boolean record(FaultReason reason, long information, int source, long details) {
    int status = registers.get32(STATUS);
    if ((status & OVERFLOW) != 0 || (collapses && hasRecordOf(source))) {
      return false;
    }
    int at = firstRecord + 16 * next;
    if (isUsed(at)) {
      registers.change32(STATUS, OVERFLOW, OVERFLOW);
      return false;
    }
    long upper = FaultRecord.SID.with(details, source);
    upper = FaultRecord.FR.with(upper, reason.code());
    registers.set64(at, FaultRecord.FI.get(information));
    registers.set64(at + 8, upper | FaultRecord.F.mask());
    if ((status & PENDING) == 0) {
      registers.change32(STATUS, FSTS.field("FRI").mask(), (long) next << 8);
    }
    registers.change32(STATUS, PENDING, PENDING);
    next = (next + 1) % records;
    if ((status & CONDITIONS) == 0) {
      event.raise();
    }
    return true;
  }

  private boolean hasRecordOf(int source) {
    for (int i = 0; i < records; i++) {
      int at = firstRecord + 16 * i;
      if (isUsed(at) && FaultRecord.SID.get(registers.get64(at + 8)) == source) {
        return true;
      }
    }
    return false;
  }

  private boolean isUsed(int at) {
    return FaultRecord.F.isSet(registers.get64(at + 8));
  }

  /** The invalidation queue stopped at an error. */
  void queueError() {
    condition(QUEUE_ERROR);
  }

  /** A device did not answer an invalidation. */
  void timeoutError(int source) {
    name("ITESID", source);
    condition(TIMEOUT_ERROR);
  }

  /** A device answered what was not asked. */
  void completionError(int source) {
    name("ICESID", source);
    condition(COMPLETION_ERROR);
  }

  private void name(String field, int source) {
    Register record = RegisterLayouts.IQERCD;
    long value = record.field(field).with(registers.get64(record.position()), source);
    registers.set64(record.position(), value);
  }

  private void condition(long bit) {
    int status = registers.get32(STATUS);
    registers.change32(STATUS, bit, bit);
    if ((status & CONDITIONS) == 0) {
      event.raise();
    }
  }

  boolean hasQueueError() {
    return (registers.get32(STATUS) & QUEUE_ERROR) != 0;
  }

  boolean hasTimeoutError() {
    return (registers.get32(STATUS) & TIMEOUT_ERROR) != 0;
  }

  /** Tells whether an offset belongs to the fault records. */
  boolean contains(int offset) {
    return offset >= firstRecord && offset < firstRecord + 16 * records;
  }

  /** Software wrote a record: an F bit may have fallen. */
  void recordWritten() {
    boolean any = false;
    for (int i = 0; i < records; i++) {
      any |= isUsed(firstRecord + 16 * i);
    }
    registers.change32(STATUS, PENDING, any ? PENDING : 0);
    if (!reviewsOnStatusWriteOnly) {
      statusWritten();
    }
  }

  /** Software wrote FSTS: conditions may be gone. */
  void statusWritten() {
    if ((registers.get32(STATUS) & CONDITIONS) == 0) {
      event.conditionsGone();
    }
  }
}
