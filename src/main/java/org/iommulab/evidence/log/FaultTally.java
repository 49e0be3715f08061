package org.iommulab.evidence.log;

import org.jspecify.annotations.Nullable;

/** How often faults of one requester, kind and reason happened in one boot. */
public final class FaultTally {

  private final LogFault first;
  private LogFault last;
  private long count;
  private long lowest;
  private long highest;

  FaultTally(LogFault first) {
    this.first = first;
    this.last = first;
    long address = first.address() == null ? 0 : first.address();
    lowest = address;
    highest = address;
  }

  /** What faults have in common that are counted together. */
  record Key(
      int boot,
      LogFault.Kind kind,
      String requester,
      @Nullable Integer code,
      @Nullable Long pasid) {}

  static Key key(LogFault fault) {
    return new Key(
        fault.boot(), fault.kind(), fault.requester(), fault.reason().code(), fault.pasid());
  }

  void count(LogFault fault) {
    count++;
    last = fault;
    Long address = fault.address();
    if (address != null) {
      lowest = Long.compareUnsigned(address, lowest) < 0 ? address : lowest;
      highest = Long.compareUnsigned(address, highest) > 0 ? address : highest;
    }
  }

  void uncount() {
    count--;
  }

  /** The first of them. */
  public LogFault first() {
    return first;
  }

  /** The last of them. */
  public LogFault last() {
    return last;
  }

  /** How many the log shows. */
  public long count() {
    return count;
  }

  /** The lowest address. */
  public long lowest() {
    return lowest;
  }

  /** The highest address. */
  public long highest() {
    return highest;
  }
}
