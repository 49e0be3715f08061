package org.iommulab.vtd;

import java.util.Arrays;
import org.iommulab.vtd.layout.FaultReason;
import org.jspecify.annotations.Nullable;

/**
 * What context entry and PASID entry say about the requests of one device, or of one PASID of it,
 * decoded.
 */
final class Binding {

  /** How addresses are translated. */
  enum Kind {
    SECOND_STAGE,
    FIRST_STAGE,
    NESTED,
    PASS_THROUGH
  }

  Kind kind = Kind.SECOND_STAGE;
  int source;
  int pasid;
  int domain;
  boolean scalable;
  boolean faultsSuppressed;
  boolean deviceTlb;

  /** In caching mode: why there is no such entry, and nothing else here counts; else null. */
  @Nullable FaultReason failure;

  // Second stage.
  long secondRoot;
  int secondLevels;
  long secondBeyond;
  boolean secondExecute;
  boolean secondDirtyTracking;

  // First stage.
  long firstRoot;
  int firstLevels;
  boolean supervisorRequests;
  boolean executeRequests;
  boolean writeProtect;
  boolean executeDisable;
  boolean supervisorExecuteProtect;
  boolean extendedAccessed;

  boolean walksSnoop;
  boolean accessSnoops;

  /** Tag of its IOTLB entries, without level. */
  long tag;

  /** Tag of second-stage paging-structure entries, without level. */
  long secondTag;

  /** The entry as read: context entry (legacy) or PASID entry. */
  long[] raw = new long[8];

  boolean isPassThrough() {
    return kind == Kind.PASS_THROUGH;
  }

  boolean usesFirstStage() {
    return kind == Kind.FIRST_STAGE || kind == Kind.NESTED;
  }

  /** A cached refusal; domain 0, as the architecture tags what has no domain. */
  static Binding refusal(Request request, int pasid, FaultReason reason) {
    Binding refusal = new Binding();
    refusal.source = request.source;
    refusal.pasid = pasid;
    refusal.faultsSuppressed = request.faultsSuppressed;
    refusal.failure = reason;
    return refusal;
  }

  Binding copy() {
    Binding copy = new Binding();
    copy.kind = kind;
    copy.source = source;
    copy.pasid = pasid;
    copy.domain = domain;
    copy.scalable = scalable;
    copy.faultsSuppressed = faultsSuppressed;
    copy.deviceTlb = deviceTlb;
    copy.secondRoot = secondRoot;
    copy.secondLevels = secondLevels;
    copy.secondBeyond = secondBeyond;
    copy.secondExecute = secondExecute;
    copy.secondDirtyTracking = secondDirtyTracking;
    copy.firstRoot = firstRoot;
    copy.firstLevels = firstLevels;
    copy.supervisorRequests = supervisorRequests;
    copy.executeRequests = executeRequests;
    copy.writeProtect = writeProtect;
    copy.executeDisable = executeDisable;
    copy.supervisorExecuteProtect = supervisorExecuteProtect;
    copy.extendedAccessed = extendedAccessed;
    copy.walksSnoop = walksSnoop;
    copy.accessSnoops = accessSnoops;
    copy.tag = tag;
    copy.secondTag = secondTag;
    copy.raw = Arrays.copyOf(raw, raw.length);
    return copy;
  }
}
