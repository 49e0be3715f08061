package org.iommulab.vtd.cache;

import java.util.Arrays;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Request;
import org.jspecify.annotations.Nullable;

/**
 * What context entry and PASID entry say about the requests of one device, or of one PASID of it,
 * decoded.
 */
public final class Binding {

  /** How addresses are translated. */
  public enum Kind {
    SECOND_STAGE,
    FIRST_STAGE,
    NESTED,
    PASS_THROUGH
  }

  public Kind kind = Kind.SECOND_STAGE;
  public int source;
  public int pasid;
  public int domain;
  public boolean scalable;
  public boolean faultsSuppressed;
  public boolean deviceTlb;

  /** In caching mode: why there is no such entry, and nothing else here counts; else null. */
  public @Nullable FaultReason failure;

  // Second stage.
  public long secondRoot;
  public int secondLevels;
  public long secondBeyond;
  public boolean secondExecute;
  public boolean secondDirtyTracking;

  // First stage.
  public long firstRoot;
  public int firstLevels;
  public boolean supervisorRequests;
  public boolean executeRequests;
  public boolean writeProtect;
  public boolean executeDisable;
  public boolean supervisorExecuteProtect;
  public boolean extendedAccessed;

  public boolean walksSnoop;
  public boolean accessSnoops;

  /** Tag of its IOTLB entries, without level. */
  public long tag;

  /** Tag of second-stage paging-structure entries, without level. */
  public long secondTag;

  /** The entry as read: context entry (legacy) or PASID entry. */
  public long[] raw = new long[8];

  public boolean isPassThrough() {
    return kind == Kind.PASS_THROUGH;
  }

  public boolean usesFirstStage() {
    return kind == Kind.FIRST_STAGE || kind == Kind.NESTED;
  }

  /** A cached refusal; domain 0, as the architecture tags what has no domain. */
  public static Binding refusal(Request request, int pasid, FaultReason reason) {
    Binding refusal = new Binding();
    refusal.source = request.source;
    refusal.pasid = pasid;
    refusal.faultsSuppressed = request.faultsSuppressed;
    refusal.failure = reason;
    return refusal;
  }

  public Binding copy() {
    Binding copy = new Binding();
    copy.kind = kind;
    copy.source = source;
    copy.pasid = pasid;
    copy.domain = domain;
    copy.scalable = scalable;
    copy.faultsSuppressed = faultsSuppressed;
    copy.deviceTlb = deviceTlb;
    copy.failure = failure;
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
