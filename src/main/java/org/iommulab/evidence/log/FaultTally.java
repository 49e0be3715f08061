package org.iommulab.evidence.log;

import org.jspecify.annotations.Nullable;

/** How often faults of one requester, kind and reason happened in one boot. */
public final class FaultTally {

  private final LogFault first;
  private LogFault last;
  private long count;
  private @Nullable Long lowest;
  private @Nullable Long highest;

  FaultTally(LogFault first) {
    this.first = first;
    this.last = first;
    lowest = first.address();
    highest = first.address();
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
      lowest = lowest == null || Long.compareUnsigned(address, lowest) < 0 ? address : lowest;
      highest = highest == null || Long.compareUnsigned(address, highest) > 0 ? address : highest;
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

  /** The lowest address, or null if no line gives one. */
  public @Nullable Long lowest() {
    return lowest;
  }

  /** The highest address, or null if no line gives one. */
  public @Nullable Long highest() {
    return highest;
  }
}
