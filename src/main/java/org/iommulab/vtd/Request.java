package org.iommulab.vtd;

import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.FaultReason;
import org.jspecify.annotations.Nullable;

/**
 * A request under way: what was asked, what was learned, how it ended. The unit reuses one object,
 * so that a translation allocates nothing.
 */
final class Request {

  // What was asked.
  int source;
  long address;
  int need;
  boolean zeroLength;
  boolean privileged;
  int pasid;
  AddressType type = AddressType.UNTRANSLATED;
  boolean noWrite;

  /** Looks only: no cache, counter, record or table changes. */
  boolean probing;

  /** Asks ahead of need: a refusal leaves no record. */
  boolean quiet;

  /** A page request message: nothing is translated. */
  boolean pageRequest;

  /** Asks the tables, not the caches. */
  boolean ignoringCaches;

  @Nullable PathRecorder recorder;

  // What was learned.
  int usedPasid;
  boolean faultsSuppressed;

  // How it ended.
  long output;
  int level;
  int rights;
  int cacheable;
  boolean aborted;
  @Nullable FaultReason reason;
  boolean inWalk;
  boolean cached;
  boolean recorded;

  /** Starts over with an untranslated request without PASID. */
  void start(int newSource, long newAddress, int newNeed) {
    source = newSource;
    address = newAddress;
    need = newNeed;
    zeroLength = false;
    privileged = false;
    pasid = DmaAccess.NO_PASID;
    type = AddressType.UNTRANSLATED;
    noWrite = false;
    probing = false;
    ignoringCaches = false;
    quiet = false;
    pageRequest = false;
    recorder = null;
    begin();
  }

  /** Starts over with any request. */
  void start(DmaAccess access) {
    start(access.source().value(), access.address(), needOf(access));
    zeroLength = access.length() == 0 && access.kind() == DmaAccess.Kind.READ;
    privileged = access.privileged() && access.hasPasid();
    pasid = access.pasid();
    type = access.type();
    noWrite = access.noWrite();
    usedPasid = pasid;
  }

  private void begin() {
    usedPasid = pasid;
    faultsSuppressed = false;
    output = 0;
    level = 1;
    rights = 0;
    cacheable = 0;
    aborted = false;
    reason = null;
    inWalk = false;
    cached = false;
    recorded = false;
  }

  private static int needOf(DmaAccess access) {
    boolean asksToTranslate = access.type() == AddressType.TRANSLATION_REQUEST;
    return switch (access.kind()) {
      case READ -> Rights.READ;
      case WRITE -> asksToTranslate ? Rights.READ | Rights.WRITE : Rights.WRITE;
      case EXECUTE -> Rights.READ | Rights.EXECUTE;
      case ATOMIC -> Rights.READ | Rights.WRITE;
    };
  }

  /** The requester in words. */
  String sourceText() {
    return new SourceId(source).toString();
  }

  boolean writes() {
    return (need & Rights.WRITE) != 0;
  }

  boolean executes() {
    return (need & Rights.EXECUTE) != 0;
  }

  /** Ends with a failed check. */
  boolean fail(FaultReason why) {
    reason = why;
    return false;
  }

  /** Ends with a failed check of a stage that read nothing. */
  boolean failAt(WalkStep.Stage stage, String title, FaultReason why) {
    if (recorder != null) {
      recorder.failed(stage, title, why);
    }
    return fail(why);
  }

  /** Ends with an address. */
  boolean succeed(long address, int atLevel, int withRights) {
    output = address;
    level = atLevel;
    rights = withRights;
    return true;
  }
}
