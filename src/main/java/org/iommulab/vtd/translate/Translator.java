package org.iommulab.vtd.translate;

import java.util.function.IntPredicate;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.bus.Pasid;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request from the device to its physical address: table mode, context, PASID, IOTLB, walk,
 * output check. Source: vtd.md 4.
 *
 * <h2>Two ways</h2>
 *
 * {@link #translateFast} serves what is right and common; see {@link FastPath}. {@link #translate}
 * makes all checks in order and knows every mode.
 */
public final class Translator {

  /** Answer of {@link #translateFast} to a request that needs all checks. */
  public static final long REFUSED = FastPath.REFUSED;

  private final Caches caches;
  private final Counters counters;
  private final TableRoot root = new TableRoot();
  private final FastPath fastPath;
  private final LegacyBindings legacyContexts;
  private final ScalableBindings scalableContexts;
  private final AddressTranslation translation;
  private final DetachmentReview detachments;
  private final Freshness freshness;
  private final boolean abortsRecorded;
  private final boolean cacheFirst;
  private final Reasons legacyReasons;
  private final Reasons scalableReasons;

  /**
   * The way of a unit whose translation is off.
   *
   * @param staleInterrupt tells whether a cached interrupt entry differs from what its table says
   */
  public Translator(
      UnitConfiguration configuration,
      PhysicalMemory memory,
      Caches caches,
      Counters counters,
      IntPredicate staleInterrupt) {
    this.caches = caches;
    this.counters = counters;
    var tables = new TableMemory(configuration, memory);
    var entries = new EntryReader(tables);
    var secondStage = new SecondStageWalker(configuration, entries);
    var firstStage = new FirstStageWalker(configuration, entries, secondStage);
    var interruptRange = new InterruptRange(configuration);
    var reader = new BindingReader(configuration, tables, root, caches);
    fastPath = new FastPath(memory, caches, counters, secondStage, firstStage, interruptRange);
    legacyContexts = new LegacyBindings(configuration, caches, counters, reader, fastPath);
    scalableContexts = new ScalableBindings(configuration, caches, counters, reader, fastPath);
    translation =
        new AddressTranslation(
            configuration,
            caches,
            counters,
            entries,
            secondStage,
            firstStage,
            interruptRange,
            reader);
    detachments = new DetachmentReview(configuration, memory, root, reader);
    freshness =
        new Freshness(configuration, root, caches, reader, translation, entries, staleInterrupt);
    cacheFirst = configuration.has(Quirk.TRANSLATION_CACHE_COMES_FIRST);
    abortsRecorded = configuration.has(Quirk.ABORTED_REQUESTS_ARE_RECORDED);
    legacyReasons = Reasons.ofLegacyMode(configuration);
    scalableReasons = Reasons.ofScalableMode(configuration);
  }

  // ---- state -----------------------------------------------------------------------------------

  public boolean isEnabled() {
    return root.isEnabled();
  }

  public void setEnabled(boolean on) {
    root.setEnabled(on);
    fastPath.forget();
  }

  public void setRoot(long table, TableMode mode) {
    root.set(table, mode);
    fastPath.forget();
  }

  /** Physical address of the root table in use. */
  public long rootTable() {
    return root.address();
  }

  public TableMode mode() {
    return root.mode();
  }

  /** Protected memory asks for a look at each output, which the fast way does not make. */
  void setMemoryProtected(boolean on) {
    fastPath.setMemoryProtected(on);
  }

  /** While every request is watched, none takes the fast way. */
  public void setWatched(boolean on) {
    fastPath.setWatched(on);
  }

  /** Power-on state. */
  public void reset() {
    setEnabled(false);
    setRoot(0, TableMode.LEGACY);
    detachments.detachment().clear();
  }

  // ---- entries that left a cache ---------------------------------------------------------------

  /** The context cache was emptied, or what it was filled from changed as a whole. */
  public void allContextsLeft() {
    fastPath.forget();
    detachments.allDevices();
  }

  /** Context entries of a domain left the context cache. */
  public void someContextsLeft() {
    fastPath.forget();
  }

  /** Context entries of the requesters that agree in the mask's bits left the context cache. */
  public void contextsLeft(int source, int mask) {
    fastPath.forget();
    detachments.devices(source, mask);
  }

  /** Entries of a domain and PASID, each -1 for any, left the PASID cache. */
  public void pasidsLeft(int domain, int pasid) {
    fastPath.forget();
    detachments.pasids(domain, pasid);
  }

  // ---- what is cached and what is so -----------------------------------------------------------

  /** Tells whether a cached entry differs from what the tables now say. */
  public boolean isStale(CacheLine line) {
    return freshness.isStale(line);
  }

  /** Tells whether a cached entry lets requests do what the tables would not. */
  public boolean grantsTooMuch(CacheLine line) {
    return freshness.grantsTooMuch(line);
  }

  // ---- requests --------------------------------------------------------------------------------

  /**
   * A requester and an access in one number, for {@link #translateFast}.
   *
   * @param access {@link org.iommulab.vtd.request.Rights#READ} or WRITE or both
   */
  public static int key(int requester, int access) {
    return FastPath.key(requester, access);
  }

  /** The physical address for a plain request, or {@link #REFUSED}. */
  public long translateFast(int key, long address) {
    return fastPath.translate(key, address);
  }

  /** As {@link #translateFast}, for what that refused: it looks farther. */
  public long translateUnfound(int key, long address) {
    return fastPath.translateUnfound(key, address);
  }

  /** Starts what {@link #translateFast} refused as a request for all checks. */
  public static void start(Request request, int key, long address) {
    request.start(FastPath.requester(key), address, FastPath.access(key));
  }

  /** Translates any request; false if it was refused, with the reason in the request. */
  public boolean translate(Request request) {
    if (!request.probing) {
      counters.requests++;
    }
    if (!root.isEnabled()) {
      note(request, "Translation off");
      return untranslated(request);
    }
    return switch (root.mode()) {
      case ABORT -> abort(request);
      case INVALID -> request.failAt(Stage.UNIT, "Table mode", FaultReason.TABLE_MODE_INVALID);
      case LEGACY, SCALABLE -> attached(request);
    };
  }

  /** The checks a page request goes through; null if one failed. Source: vtd.md 9. */
  public @Nullable Binding bindPageRequest(Request request) {
    if (!root.isEnabled() || root.mode() == TableMode.ABORT) {
      request.aborted = true;
      return null;
    }
    if (root.isScalable()) {
      return scalableContexts.find(request);
    }
    boolean legacy = root.mode() == TableMode.LEGACY;
    request.failAt(
        Stage.UNIT,
        "Table mode",
        legacy ? FaultReason.PAGE_REQUEST_IN_LEGACY_MODE : FaultReason.TABLE_MODE_INVALID);
    return null;
  }

  private boolean abort(Request request) {
    if (abortsRecorded) {
      return request.failAt(Stage.UNIT, "Table mode", FaultReason.ABORTED);
    }
    request.aborted = true;
    return false;
  }

  private static void note(Request request, String title) {
    if (request.recorder != null) {
      request.recorder.plain(Stage.UNIT, title, Outcome.OFF);
    }
  }

  private static boolean untranslated(Request request) {
    if (request.type != AddressType.UNTRANSLATED || request.hasPasid()) {
      request.aborted = true;
      return false;
    }
    return request.succeed(request.address, 1, Rights.ALL);
  }

  private boolean attached(Request request) {
    if (detachments.isDetached(request.source)) {
      note(request, "Device passes through");
      return request.succeed(request.address, 1, Rights.ALL);
    }
    return root.isScalable() ? scalable(request) : legacy(request);
  }

  private boolean legacy(Request request) {
    if (request.hasPasid()) {
      return request.failAt(Stage.UNIT, "Table mode", FaultReason.PASID_IN_LEGACY_MODE);
    }
    boolean byRequester = caches.taggedByRequester();
    long requesterTag = caches.requesterTag(request.source, Pasid.NONE.value(), false);
    if (byRequester && translation.fromCache(request, requesterTag, legacyReasons)) {
      return request.reason == null;
    }
    Binding binding = legacyContexts.find(request);
    if (binding == null) {
      return false;
    }
    if (request.type != AddressType.UNTRANSLATED && !binding.deviceTlb) {
      return request.failAt(Stage.CONTEXT, "Translation type", FaultReason.REQUEST_TYPE_BLOCKED);
    }
    return bound(request, binding, !byRequester, legacyReasons);
  }

  private boolean scalable(Request request) {
    if (request.type == AddressType.TRANSLATED && request.hasPasid()) {
      request.aborted = true;
      return false;
    }
    if (cacheFirst) {
      int pasid = !request.hasPasid() ? 0 : request.pasid;
      if (translation.fromCache(
          request, caches.requesterTag(request.source, pasid, true), scalableReasons)) {
        return request.reason == null;
      }
    }
    Binding binding = scalableContexts.find(request);
    return binding != null && bound(request, binding, !cacheFirst, scalableReasons);
  }

  private boolean bound(Request request, Binding binding, boolean asksCache, Reasons reasons) {
    if (request.type == AddressType.TRANSLATED) {
      return translation.translated(request, reasons);
    }
    if (binding.isPassThrough()) {
      if (!request.probing) {
        detachments.device(request.source);
      }
      return translation.passThrough(request, reasons);
    }
    if (asksCache && translation.fromCache(request, binding.tag, reasons)) {
      return request.reason == null;
    }
    return translation.walk(request, binding, reasons);
  }
}
