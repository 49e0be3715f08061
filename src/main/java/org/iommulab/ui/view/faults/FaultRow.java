package org.iommulab.ui.view.faults;

import java.util.Locale;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.Hex;
import org.iommulab.ui.view.lookup.FaultLine;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.tables.FaultNode;
import org.jspecify.annotations.Nullable;

/**
 * A fault, waiting in its record or long since handled.
 *
 * @param key end of the row's ids
 * @param state whether somebody has read it
 * @param index number of its record, or -1 if another fault has taken that
 * @param time seconds since boot when the kernel read it, or empty
 * @param source the requester
 * @param device the requester and its name
 * @param pasid the request's PASID, or -1
 * @param kind what the device wanted
 * @param address page address, or the interrupt's index
 * @param code the reason's number
 */
record FaultRow(
    String key,
    State state,
    int index,
    String time,
    SourceId source,
    String device,
    int pasid,
    FaultLine.Kind kind,
    long address,
    int code) {

  /** What became of a fault. */
  enum State {
    /** Its record waits for software. */
    WAITING,
    /** The kernel read it, cleared the record and printed it. */
    READ,
    /** The record is free; what it said is still there. */
    CLEARED;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static FaultRow of(FaultNode record, String device) {
    boolean interrupt = isInterrupt(record.reason());
    return new FaultRow(
        Integer.toString(record.index()),
        record.pending() ? State.WAITING : State.CLEARED,
        record.index(),
        "",
        record.source(),
        device,
        FaultRecord.PP.isSet(record.hi()) ? (int) FaultRecord.PV.get(record.hi()) : -1,
        interrupt
            ? FaultLine.Kind.INTERRUPT
            : record.read() ? FaultLine.Kind.READ : FaultLine.Kind.WRITE,
        interrupt ? record.address() >>> 48 : record.address(),
        record.reason());
  }

  static FaultRow of(FaultLine line, int number, String device) {
    return new FaultRow(
        "read-" + number,
        State.READ,
        -1,
        line.time(),
        line.source(),
        device,
        line.pasid(),
        line.kind(),
        line.address(),
        line.reason());
  }

  private static boolean isInterrupt(int reason) {
    return reason >= 0x20 && reason <= 0x27;
  }

  /** What its number stands for, or null if the architecture gives it no meaning. */
  @Nullable FaultReason reason() {
    return FaultReason.of(code);
  }

  /** {@code 05}. */
  String number() {
    return Hex.plain(code, 2);
  }

  /** Whether a line of the log tells of the same fault as this record. */
  boolean isToldBy(FaultRow line) {
    return source.equals(line.source)
        && kind == line.kind
        && address == line.address
        && code == line.code;
  }
}
