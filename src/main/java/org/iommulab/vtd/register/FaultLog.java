package org.iommulab.vtd.register;

import org.iommulab.bus.MessageSink;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/** The fault recording registers and the fault status register. Source: vtd.md 5.4. */
public final class FaultLog {

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

  /**
   * The records of a unit, all empty.
   *
   * @param messages where its fault event goes
   */
  public FaultLog(UnitConfiguration configuration, RegisterFile registers, MessageSink messages) {
    this.registers = registers;
    event = new EventMessage(registers, messages, RegisterLayouts.FECTL);
    this.firstRecord = configuration.capabilities().faultRecordOffset();
    this.records = configuration.capabilities().faultRecords();
    this.collapses = configuration.has(Quirk.FAULTS_COLLAPSE_BY_REQUESTER);
    this.reviewsOnStatusWriteOnly =
        configuration.has(Quirk.FAULT_EVENT_REVIEWED_ON_STATUS_WRITE_ONLY);
    registers.onWrite(FSTS, this::statusWritten);
    registers.onWriteOfFaultRecords(this::recordWritten);
  }

  /** The next fault goes into the first record. */
  public void restart() {
    next = 0;
  }

  /**
   * Records a fault if there is room.
   *
   * @param information page address, or interrupt index in 63:48
   * @param source requester id
   * @param details the remaining bits of the record's upper quadword: PASID, type, attributes
   * @return whether a record was written
   */
  public boolean record(FaultReason reason, long information, int source, long details) {
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
  public void queueError() {
    condition(QUEUE_ERROR);
  }

  /** A device did not answer an invalidation. */
  public void timeoutError(int source) {
    name("ITESID", source);
    condition(TIMEOUT_ERROR);
  }

  /** A device answered what was not asked. */
  public void completionError(int source) {
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

  /** Tells whether an error stops the queue until software has cleared it. */
  public boolean hasQueueError() {
    return (registers.get32(STATUS) & QUEUE_ERROR) != 0;
  }

  /** Tells whether a device was given up and software has not cleared that yet. */
  public boolean hasTimeoutError() {
    return (registers.get32(STATUS) & TIMEOUT_ERROR) != 0;
  }

  /** Software wrote a record: an F bit may have fallen. */
  private void recordWritten() {
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
  private void statusWritten() {
    if ((registers.get32(STATUS) & CONDITIONS) == 0) {
      event.conditionsGone();
    }
  }
}
