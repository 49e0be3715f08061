package org.iommulab.vtd.request;

import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.layout.FaultReason;
import org.jspecify.annotations.Nullable;

/**
 * A request under way: what was asked, what was learned, how it ended. The unit reuses one object,
 * so that a translation allocates nothing.
 */
public final class Request {

  // What was asked.
  public int source;
  public long address;
  public int need;
  public boolean zeroLength;
  public boolean privileged;
  public int pasid;
  public AddressType type = AddressType.UNTRANSLATED;
  boolean noWrite;

  /** Looks only: no cache, counter, record or table changes. */
  public boolean probing;

  /** Asks ahead of need: a refusal leaves no record. */
  public boolean quiet;

  /** A page request message: nothing is translated. */
  public boolean pageRequest;

  /** Asks the tables, not the caches. */
  public boolean ignoringCaches;

  public @Nullable PathRecorder recorder;

  // What was learned.
  public int usedPasid;
  public boolean faultsSuppressed;

  // How it ended.
  public long output;
  public int level;
  public int rights;
  public int cacheable;
  public boolean aborted;
  public @Nullable FaultReason reason;
  public boolean inWalk;
  public boolean cached;
  public boolean recorded;

  /** Starts over with an untranslated request without PASID. */
  public void start(int newSource, long newAddress, int newNeed) {
    source = newSource;
    address = newAddress;
    need = newNeed;
    zeroLength = false;
    privileged = false;
    pasid = Pasid.NONE.value();
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
  public void start(DmaAccess access) {
    start(access.source().value(), access.address(), needOf(access));
    zeroLength = access.length() == 0 && access.kind() == DmaAccess.Kind.READ;
    privileged = access.privileged() && access.hasPasid();
    pasid = access.pasid().value();
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
  public String sourceText() {
    return new SourceId(source).toString();
  }

  public boolean hasPasid() {
    return pasid >= 0;
  }

  public boolean writes() {
    return (need & Rights.WRITE) != 0;
  }

  public boolean executes() {
    return (need & Rights.EXECUTE) != 0;
  }

  /** Ends with a failed check. */
  public boolean fail(FaultReason why) {
    reason = why;
    return false;
  }

  /** Ends with a failed check of a stage that read nothing. */
  public boolean failAt(WalkStep.Stage stage, String title, FaultReason why) {
    if (recorder != null) {
      recorder.failed(stage, title, why);
    }
    return fail(why);
  }

  /** Ends with an address. */
  public boolean succeed(long address, int atLevel, int withRights) {
    output = address;
    level = atLevel;
    rights = withRights;
    return true;
  }
}
