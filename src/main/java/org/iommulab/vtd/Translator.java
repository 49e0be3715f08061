package org.iommulab.vtd;

import static org.iommulab.vtd.PathRecorder.fact;
import static org.iommulab.vtd.PathRecorder.hex;

import java.util.Arrays;
import java.util.List;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.Binding.Kind;
import org.iommulab.vtd.WalkStep.Outcome;
import org.iommulab.vtd.WalkStep.Stage;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request from the device to its physical address: table mode, context, PASID, IOTLB, walk,
 * output check. Source: vtd.md 4.
 *
 * <h2>Two ways</h2>
 *
 * {@link #translateFast} serves what is right and common: a second-stage translation of a device
 * whose context entry is cached. It only ever accepts; whatever it does not like goes, untouched,
 * to {@link #translate}, which makes all checks in order and knows every mode.
 */
final class Translator {

  /** Answer of {@link #translateFast} for a request that was refused. */
  static final long REFUSED = RemappingUnit.BLOCKED;

  private static final long FRAME = SecondStageWalker.ADDRESS;
  private static final long PAGE = SecondStageWalker.PAGE;
  private static final long INTERRUPT_RANGE = 0xFEE0_0000L;
  private static final int INTERRUPT_SHIFT = 20;
  private static final int EVERY_RIGHT =
      Rights.READ
          | Rights.WRITE
          | Rights.EXECUTE
          | Rights.USER
          | Rights.PRIVILEGED_WRITE
          | Rights.PRIVILEGED_EXECUTE;

  private final Capabilities capabilities;
  private final PhysicalMemory memory;
  private final Caches caches;
  private final Counters counters;
  private final ContextTables contextTables;
  private final PasidTables pasidTables;
  private final SecondStageWalker secondStage;
  private final FirstStageWalker firstStage;
  private final Reasons legacyReasons;
  private final Reasons scalableReasons;
  private final boolean denialsHidden;
  private final boolean detaches;
  private final boolean passThroughUnchecked;
  private final boolean looseTables;
  private final Detachment detachment = new Detachment();
  private final Binding scratch = new Binding();
  private final ScalableContext scratchContext = new ScalableContext();
  private final TranslationCache iotlb;
  private final TranslationCache paging;
  private final long upperReserved;
  private final long tableReserved;
  private final long leaf1GReserved;
  private final long leaf2MReserved;
  private final long leaf4KReserved;

  private final boolean iotlbExists;
  private final boolean refusesWholePage;
  private final long hostLimit;

  private boolean enabled;
  private long rootTable;
  private TableMode mode = TableMode.LEGACY;
  private boolean memoryProtected;
  private @Nullable Binding fast;

  Translator(
      UnitConfiguration configuration, PhysicalMemory memory, Caches caches, Counters counters) {
    this.memory = memory;
    this.caches = caches;
    this.counters = counters;
    capabilities = configuration.capabilities();
    contextTables = new ContextTables(configuration, memory);
    pasidTables = new PasidTables(configuration, memory, contextTables);
    secondStage = new SecondStageWalker(configuration, memory);
    firstStage = new FirstStageWalker(configuration, memory, secondStage);
    iotlb = caches.iotlb;
    paging = caches.paging;
    iotlbExists = iotlb.exists();
    upperReserved = secondStage.reserved(4, 0) | PAGE;
    tableReserved = secondStage.reserved(3, 0) | secondStage.reserved(2, 0);
    leaf1GReserved = secondStage.reserved(3, PAGE);
    leaf2MReserved = secondStage.reserved(2, PAGE);
    leaf4KReserved = secondStage.reserved(1, 0);
    denialsHidden = configuration.has(Quirk.CACHED_DENIAL_IS_NOT_RECORDED);
    detaches = configuration.has(Quirk.PASS_THROUGH_DETACHES_DEVICE);
    passThroughUnchecked = configuration.has(Quirk.PASS_THROUGH_IS_UNCHECKED);
    looseTables = configuration.has(Quirk.PASID_TABLES_LOOSELY_CHECKED);
    hostLimit = -1L << capabilities.hostAddressWidth();
    boolean byCapability =
        configuration.has(Quirk.INTERRUPT_RANGE_REASON_BY_CAPABILITY)
            && capabilities.has(ExtendedCapabilityLayout.SMTS);
    legacyReasons =
        byCapability
            ? Reasons.LEGACY.withOutputInInterruptRange(Reasons.SCALABLE.outputInInterruptRange())
            : Reasons.LEGACY;
    scalableReasons =
        configuration.has(Quirk.LEGACY_REASONS_IN_SCALABLE_MODE) ? legacyReasons : Reasons.SCALABLE;
    refusesWholePage = configuration.has(Quirk.INTERRUPT_RANGE_REFUSES_WHOLE_PAGE);
  }

  // ---- state -----------------------------------------------------------------------------------

  boolean isEnabled() {
    return enabled;
  }

  void setEnabled(boolean on) {
    enabled = on;
    forgetFast();
  }

  void setRoot(long table, TableMode newMode) {
    rootTable = table;
    mode = newMode;
    forgetFast();
  }

  long rootTable() {
    return rootTable;
  }

  TableMode mode() {
    return mode;
  }

  void setMemoryProtected(boolean on) {
    memoryProtected = on;
    forgetFast();
  }

  /** To be called whenever a context or PASID entry leaves a cache. */
  void forgetFast() {
    fast = null;
  }

  Detachment detachment() {
    return detachment;
  }

  // ---- the fast way ----------------------------------------------------------------------------

  /** Translates a plain request if everything about it is as it should be; see the class. */
  long translateFast(int source, long address, int access) {
    Binding binding = fast;
    if (binding == null
        || binding.source != source
        || (address & binding.secondBeyond) != 0
        || address >>> INTERRUPT_SHIFT == INTERRUPT_RANGE >>> INTERRUPT_SHIFT) {
      return REFUSED;
    }
    if (iotlbExists) {
      int slot = iotlb.find(address, binding.tag);
      if (slot >= 0) {
        return hitFast(slot, address, access);
      }
    }
    return walkFast(binding, address, access);
  }

  private long hitFast(int slot, long address, int access) {
    long value = iotlb.value(slot);
    int level = iotlb.level(slot);
    long offset = (1L << 9 * level + 3) - 1;
    long output = value & FRAME | address & offset;
    if ((value & access) != access || inInterruptRange(output, level)) {
      return REFUSED;
    }
    counters.fastHits++;
    iotlb.used(slot);
    return output;
  }

  // One comparison per level checks rights and reserved bits; an entry that cannot be read is zero
  // and so lacks every right.
  private long walkFast(Binding binding, long address, int access) {
    long granted = Rights.READ | Rights.WRITE;
    long table = binding.secondRoot;
    int levels = binding.secondLevels;
    if (levels == 5) {
      long entry = entry(table, address >>> 48);
      if ((entry & (access | upperReserved)) != access) {
        return REFUSED;
      }
      granted &= entry;
      table = entry & FRAME;
    }
    if (levels >= 4) {
      long entry = entry(table, address >>> 39);
      if ((entry & (access | upperReserved)) != access) {
        return REFUSED;
      }
      granted &= entry;
      table = entry & FRAME;
    }
    long entry = entry(table, address >>> 30);
    granted &= entry;
    if ((entry & PAGE) != 0) {
      return endFast(binding, address, access, entry, granted, 3, leaf1GReserved);
    }
    if ((entry & (access | tableReserved)) != access) {
      return REFUSED;
    }
    entry = entry(entry & FRAME, address >>> 21);
    granted &= entry;
    if ((entry & PAGE) != 0) {
      return endFast(binding, address, access, entry, granted, 2, leaf2MReserved);
    }
    if ((entry & (access | tableReserved)) != access) {
      return REFUSED;
    }
    entry = entry(entry & FRAME, address >>> 12);
    granted &= entry;
    return endFast(binding, address, access, entry, granted, 1, leaf4KReserved);
  }

  private long entry(long table, long index) {
    long[] frame = memory.frame(table >>> 12);
    return frame == null ? 0 : frame[(int) index & 511];
  }

  private long endFast(
      Binding binding,
      long address,
      int access,
      long entry,
      long granted,
      int level,
      long leafReserved) {
    long offset = (1L << 9 * level + 3) - 1;
    long output = entry & FRAME & ~offset | address & offset;
    if ((entry & (access | leafReserved)) != access || inInterruptRange(output, level)) {
      return REFUSED;
    }
    counters.fastWalks[binding.secondLevels * 8 + level]++;
    if (iotlbExists) {
      counters.iotlbMisses++;
      fill(binding, address, level, output & ~offset, spread((int) granted, entry));
    }
    return output;
  }

  private static int spread(int granted, long leaf) {
    return SecondStageWalker.spread(granted, leaf);
  }

  private void fill(Binding binding, long address, int level, long frame, int rights) {
    iotlb.insert(address, binding.tag, level, frame | rights, binding.domain, binding.source);
  }

  private boolean inInterruptRange(long output, int level) {
    if (!refusesWholePage) {
      return output >>> INTERRUPT_SHIFT == INTERRUPT_RANGE >>> INTERRUPT_SHIFT;
    }
    int shift = Math.max(INTERRUPT_SHIFT, 9 * level + 3);
    return output >>> shift == INTERRUPT_RANGE >>> shift;
  }

  // ---- the whole way ---------------------------------------------------------------------------

  /** Translates any request; false if it was refused, with the reason in the request. */
  boolean translate(Request request) {
    if (!request.probing) {
      counters.requests++;
    }
    PathRecorder recorder = request.recorder;
    if (!enabled) {
      if (recorder != null) {
        recorder.plain(Stage.UNIT, "Translation off", Outcome.OFF);
      }
      return untranslated(request);
    }
    if (mode == TableMode.ABORT) {
      request.aborted = true;
      return false;
    }
    if (mode == TableMode.INVALID) {
      return failAt(request, Stage.UNIT, "Table mode", FaultReason.TABLE_MODE_INVALID);
    }
    if (detaches && detachment.contains(request.source)) {
      if (recorder != null) {
        recorder.plain(Stage.UNIT, "Device passes through", Outcome.OFF);
      }
      return request.succeed(request.address, 1, EVERY_RIGHT);
    }
    return mode == TableMode.LEGACY ? legacy(request) : scalable(request);
  }

  private boolean untranslated(Request request) {
    if (request.type != AddressType.UNTRANSLATED || request.pasid != DmaAccess.NO_PASID) {
      request.aborted = true;
      return false;
    }
    return request.succeed(request.address, 1, EVERY_RIGHT);
  }

  private static boolean failAt(Request request, Stage stage, String title, FaultReason reason) {
    if (request.recorder != null) {
      request.recorder.failed(stage, title, reason);
    }
    return request.fail(reason);
  }

  // ---- legacy mode -----------------------------------------------------------------------------

  private boolean legacy(Request request) {
    if (request.pasid != DmaAccess.NO_PASID) {
      return failAt(request, Stage.UNIT, "Table mode", FaultReason.PASID_IN_LEGACY_MODE);
    }
    if (caches.taggedByRequester()) {
      int slot = lookUp(request, Caches.requesterTag(request.source, DmaAccess.NO_PASID));
      if (slot >= 0 && useSlot(request, slot, legacyReasons)) {
        return request.reason == null;
      }
    }
    Binding binding = legacyBinding(request);
    if (binding == null) {
      return false;
    }
    if (request.type != AddressType.UNTRANSLATED && !binding.deviceTlb) {
      return failAt(request, Stage.CONTEXT, "Translation type", FaultReason.REQUEST_TYPE_BLOCKED);
    }
    return translateBound(request, binding, legacyReasons);
  }

  private @Nullable Binding legacyBinding(Request request) {
    int slot = request.ignoringCaches ? -1 : caches.contexts.find(request.source);
    if (slot >= 0) {
      Binding cached =
          request.probing ? caches.contexts.at(slot) : caches.contexts.get(request.source);
      if (cached != null) {
        counters.contextHits += request.probing ? 0 : 1;
        request.faultsSuppressed |= cached.faultsSuppressed;
        if (request.recorder != null) {
          request.recorder.hit(
              Stage.CONTEXT_CACHE,
              "Context cache",
              List.of(cached.raw[0], cached.raw[1]),
              ContextEntry.LAYOUT,
              fact("set", caches.contexts.setOf(slot)),
              fact("way", caches.contexts.wayOf(slot)),
              fact("domain", cached.domain));
        }
        remember(request, cached);
        return cached;
      }
    }
    missContext(request, caches.contexts.exists());
    if (!contextTables.readLegacy(request, rootTable, scratch)) {
      return null;
    }
    caches.tag(scratch);
    if (request.probing || !caches.contexts.exists()) {
      return scratch;
    }
    Binding kept = scratch.copy();
    caches.contexts.put(request.source, kept);
    remember(request, kept);
    return kept;
  }

  private void missContext(Request request, boolean exists) {
    if (!request.probing) {
      counters.contextMisses++;
    }
    if (request.recorder != null) {
      request.recorder.plain(
          Stage.CONTEXT_CACHE, "Context cache", exists ? Outcome.MISS : Outcome.OFF);
    }
  }

  private void remember(Request request, Binding binding) {
    if (request.probing || memoryProtected) {
      return;
    }
    fast =
        binding.kind == Kind.SECOND_STAGE
                && !binding.secondExecute
                && !paging.exists()
                && !binding.secondDirtyTracking
                && !(detaches && detachment.contains(binding.source))
            ? binding
            : null;
  }

  // ---- scalable mode ---------------------------------------------------------------------------

  private boolean scalable(Request request) {
    int slot = request.ignoringCaches ? -1 : caches.scalableContexts.find(request.source);
    ScalableContext context = slot < 0 ? null : caches.scalableContexts.get(request.source);
    boolean cached = context != null;
    if (context != null) {
      counters.contextHits += request.probing ? 0 : 1;
      request.faultsSuppressed |= context.faultsSuppressed;
      if (request.recorder != null) {
        long[] raw = context.raw;
        request.recorder.hit(
            Stage.CONTEXT_CACHE,
            "Context cache",
            List.of(raw[0], raw[1], raw[2], raw[3]),
            ScalableContextEntry.LAYOUT,
            fact("set", caches.scalableContexts.setOf(slot)),
            fact("way", caches.scalableContexts.wayOf(slot)));
      }
    } else {
      missContext(request, caches.scalableContexts.exists());
      if (!contextTables.readScalable(request, rootTable, scratchContext)) {
        return false;
      }
      context = scratchContext;
    }
    if (!looseTables && !admits(request, context)) {
      return false;
    }
    Binding binding = pasidBinding(request, context, cached);
    if (binding == null) {
      return false;
    }
    if (!cached && !request.probing && caches.scalableContexts.exists()) {
      caches.scalableContexts.put(request.source, context.copy());
    }
    if (request.executes() && binding.kind != Kind.PASS_THROUGH && !allowsExecute(binding)) {
      return failAt(request, Stage.PASID_ENTRY, "ERE", FaultReason.EXECUTE_NOT_ENABLED);
    }
    if (request.privileged && usesFirstStage(binding) && !binding.supervisorRequests) {
      return failAt(request, Stage.PASID_ENTRY, "SRE", FaultReason.SUPERVISOR_NOT_ENABLED);
    }
    return translateBound(request, binding, scalableReasons);
  }

  private static boolean usesFirstStage(Binding binding) {
    return binding.kind == Kind.FIRST_STAGE || binding.kind == Kind.NESTED;
  }

  private static boolean allowsExecute(Binding binding) {
    return usesFirstStage(binding) ? binding.executeRequests : binding.secondExecute;
  }

  /** The checks a context entry makes on the request itself. */
  private boolean admits(Request request, ScalableContext context) {
    long low = context.raw[0];
    if (request.type != AddressType.UNTRANSLATED && !ScalableContextEntry.DTE.isSet(low)) {
      return failAt(request, Stage.CONTEXT, "DTE", FaultReason.DEVICE_TLB_NOT_ENABLED);
    }
    int directoryEntries = 1 << (int) ScalableContextEntry.PDTS.get(low) + 7;
    if (request.pasid != DmaAccess.NO_PASID) {
      if (!ScalableContextEntry.PASIDE.isSet(low)) {
        return failAt(request, Stage.CONTEXT, "PASIDE", FaultReason.PASID_NOT_ENABLED);
      }
      if (request.pasid >>> 6 >= directoryEntries) {
        return failAt(request, Stage.CONTEXT, "PDTS", FaultReason.PASID_BEYOND_DIRECTORY);
      }
      return true;
    }
    if (ScalableContextEntry.RID_PRIV.isSet(context.raw[1])) {
      request.privileged = true;
    }
    if (ridPasid(context) >>> 6 >= directoryEntries) {
      return failAt(request, Stage.CONTEXT, "RID_PASID", FaultReason.RID_PASID_BEYOND_DIRECTORY);
    }
    return true;
  }

  private int ridPasid(ScalableContext context) {
    boolean supported = looseTables || capabilities.has(ExtendedCapabilityLayout.RPS);
    return supported ? (int) ScalableContextEntry.RID_PASID.get(context.raw[1]) : 0;
  }

  private @Nullable Binding pasidBinding(
      Request request, ScalableContext context, boolean contextCached) {
    int pasid = request.pasid == DmaAccess.NO_PASID ? ridPasid(context) : request.pasid;
    request.usedPasid = pasid;
    long key = (long) request.source << 20 | pasid;
    int slot = request.ignoringCaches ? -1 : caches.pasids.find(key);
    if (slot >= 0) {
      Binding cached = request.probing ? caches.pasids.at(slot) : caches.pasids.get(key);
      if (cached != null) {
        request.faultsSuppressed |= cached.faultsSuppressed;
        if (request.recorder != null) {
          request.recorder.hit(
              Stage.PASID_CACHE,
              "PASID cache",
              List.of(cached.raw[0], cached.raw[1], cached.raw[2]),
              null,
              fact("set", caches.pasids.setOf(slot)),
              fact("way", caches.pasids.wayOf(slot)),
              fact("domain", cached.domain));
        }
        rememberScalable(request, cached, contextCached);
        return cached;
      }
    }
    if (request.recorder != null) {
      request.recorder.plain(
          Stage.PASID_CACHE, "PASID cache", caches.pasids.exists() ? Outcome.MISS : Outcome.OFF);
    }
    if (!pasidTables.read(request, context, pasid, contextCached, scratch)) {
      return null;
    }
    caches.tag(scratch);
    if (request.probing || !caches.pasids.exists()) {
      return scratch;
    }
    Binding kept = scratch.copy();
    caches.pasids.put(key, kept);
    return kept;
  }

  private void rememberScalable(Request request, Binding binding, boolean contextCached) {
    if (contextCached && request.pasid == DmaAccess.NO_PASID) {
      remember(request, binding);
    }
  }

  // ---- both modes ------------------------------------------------------------------------------

  private boolean translateBound(Request request, Binding binding, Reasons reasons) {
    if (request.type == AddressType.TRANSLATED) {
      if ((request.address & hostLimit) != 0) {
        return failAt(request, Stage.OUTPUT, "Host width", reasons.untranslatedBeyondWidth());
      }
      return finish(request, request.address, 1, EVERY_RIGHT, reasons);
    }
    if (binding.kind == Kind.PASS_THROUGH) {
      return passThrough(request, reasons);
    }
    boolean askedAlready = caches.taggedByRequester() && mode == TableMode.LEGACY;
    if (!askedAlready) {
      int slot = lookUp(request, binding.tag);
      if (slot >= 0 && useSlot(request, slot, reasons)) {
        return request.reason == null;
      }
    }
    return walk(request, binding, reasons);
  }

  private boolean passThrough(Request request, Reasons reasons) {
    if (detaches && !request.probing) {
      reviewDetachment(request.source);
    }
    if (passThroughUnchecked) {
      return request.succeed(request.address, 1, EVERY_RIGHT);
    }
    long limit = contextTables.beyond(capabilities.deepestLevels()) | hostLimit;
    if ((request.address & limit) != 0) {
      return failAt(request, Stage.OUTPUT, "Width", reasons.untranslatedBeyondWidth());
    }
    return finish(request, request.address, 1, EVERY_RIGHT, reasons);
  }

  private int lookUp(Request request, long tag) {
    int slot = request.ignoringCaches || !iotlbExists ? -1 : iotlb.find(request.address, tag);
    if (slot < 0) {
      counters.iotlbMisses += request.probing || !iotlbExists ? 0 : 1;
      if (request.recorder != null) {
        request.recorder.plain(Stage.IOTLB, "IOTLB", iotlbExists ? Outcome.MISS : Outcome.OFF);
      }
      return -1;
    }
    if (!request.probing) {
      counters.iotlbHits++;
      iotlb.used(slot);
    }
    return slot;
  }

  /** Answers from a cached entry if it can; false to walk the tables instead. */
  private boolean useSlot(Request request, int slot, Reasons reasons) {
    long value = iotlb.value(slot);
    int level = iotlb.level(slot);
    long offset = (1L << 9 * level + 3) - 1;
    int rights = (int) value & 0xFFF;
    boolean allowed = allows(request, rights);
    if (request.recorder != null) {
      request.recorder.hit(
          Stage.IOTLB,
          "IOTLB",
          List.of(),
          null,
          fact("set", iotlb.setOf(slot)),
          fact("way", iotlb.wayOf(slot)),
          fact("domain", iotlb.domain(slot)),
          hex("page", iotlb.page(slot)),
          hex("frame", value & FRAME),
          fact("rights", Rights.text(rights)));
    }
    if (!allowed) {
      if (!denialsHidden) {
        return false;
      }
      request.cached = true;
      failAt(
          request,
          Stage.IOTLB,
          "Cached rights",
          request.writes() ? reasons.writeDenied() : reasons.readDenied());
      return true;
    }
    finish(request, value & FRAME | request.address & offset, level, rights, reasons);
    return true;
  }

  private static boolean allows(Request request, int rights) {
    if (request.zeroLength) {
      return (rights & Rights.READ) != 0;
    }
    int need = request.need & Rights.READ;
    if (request.writes()) {
      need |= request.privileged ? Rights.PRIVILEGED_WRITE : Rights.WRITE;
    }
    if (request.executes()) {
      need |= request.privileged ? Rights.PRIVILEGED_EXECUTE : Rights.EXECUTE;
    }
    need |= request.privileged ? 0 : Rights.USER;
    return (rights & need) == need;
  }

  private boolean walk(Request request, Binding binding, Reasons reasons) {
    request.inWalk = true;
    int before = secondStage.reads() + firstStage.reads();
    boolean second = binding.kind == Kind.SECOND_STAGE;
    if (second && (request.address & binding.secondBeyond) != 0) {
      return failAt(request, Stage.SECOND_STAGE, "Address width", reasons.beyondWidth());
    }
    if (second && paging.exists() && !request.ignoringCaches) {
      resumeFromCache(request, binding);
    }
    FaultReason reason =
        second
            ? secondStage.walk(request, binding, request.address, request.need, reasons)
            : firstStage.walk(request, binding);
    if (!request.probing) {
      counters.tableReads += secondStage.reads() + firstStage.reads() - before;
    }
    if (reason != null) {
      return request.fail(reason);
    }
    long output = second ? secondStage.output() : firstStage.output();
    int level = second ? secondStage.level() : firstStage.level();
    int rights = second ? secondStage.rights() : firstStage.rights();
    request.cacheable = second ? secondStage.cacheable() : firstStage.cacheable();
    if (!finish(request, output, level, rights, reasons)) {
      return false;
    }
    if (!request.probing && iotlbExists) {
      long offset = (1L << 9 * level + 3) - 1;
      fill(binding, request.address, level, output & ~offset, request.cacheable);
    }
    if (second && paging.exists() && !request.probing) {
      keepTables(request, binding, level);
    }
    return true;
  }

  /** Starts the coming walk at the lowest table the paging-structure cache knows. */
  private void resumeFromCache(Request request, Binding binding) {
    for (int level = 2; level <= binding.secondLevels; level++) {
      int slot = paging.find(request.address, binding.secondTag, level);
      if (slot >= 0) {
        long value = paging.value(slot);
        secondStage.resume(level - 1, value & FRAME, value & ~FRAME);
        if (!request.probing) {
          paging.used(slot);
        }
        if (request.recorder != null) {
          request.recorder.hit(
              Stage.PAGING_CACHE,
              "Paging-structure cache",
              List.of(),
              null,
              fact("level", level),
              hex("next table", value & FRAME));
        }
        return;
      }
    }
    if (request.recorder != null) {
      request.recorder.plain(Stage.PAGING_CACHE, "Paging-structure cache", Outcome.MISS);
    }
  }

  private void keepTables(Request request, Binding binding, int leaf) {
    for (int level = secondStage.firstLevel(); level > leaf; level--) {
      paging.insert(
          request.address,
          binding.secondTag,
          level,
          secondStage.passed(level),
          binding.domain,
          binding.source);
    }
  }

  private boolean finish(Request request, long output, int level, int rights, Reasons reasons) {
    if (inInterruptRange(output, level)) {
      return failAt(request, Stage.OUTPUT, "Interrupt range", reasons.outputInInterruptRange());
    }
    return request.succeed(output, level, rights);
  }

  // ---- devices taken off -----------------------------------------------------------------------

  /** Looks at a device's context entry again. */
  void reviewDetachment(int source) {
    if (detaches) {
      detachment.set(source, enabled && readsPassThrough(source));
    }
  }

  /** Looks at the context entries of all devices again. */
  void reviewDetachments() {
    if (!detaches) {
      return;
    }
    detachment.clear();
    for (int bus = 0; enabled && bus < 256; bus++) {
      long[] root = memory.frame(rootTable >>> 12);
      boolean any = root != null && ((root[bus * 2] | root[bus * 2 + 1]) & 1) != 0;
      for (int devfn = 0; any && devfn < 256; devfn++) {
        reviewDetachment(bus << 8 | devfn);
      }
    }
  }

  /** Looks again at the devices a device-selective invalidation covers. */
  void reviewDetachments(int source, int mask) {
    for (int function = 0; detaches && function < 8; function++) {
      int candidate = source & ~7 | function;
      if ((candidate & mask) == (source & mask)) {
        reviewDetachment(candidate);
      }
    }
  }

  private final Request review = new Request();

  private boolean readsPassThrough(int source) {
    review.start(source, 0, Rights.READ);
    review.probing = true;
    review.ignoringCaches = true;
    if (mode == TableMode.LEGACY) {
      return contextTables.readLegacy(review, rootTable, scratch)
          && scratch.kind == Kind.PASS_THROUGH;
    }
    if (!contextTables.readScalable(review, rootTable, scratchContext)) {
      return false;
    }
    return pasidTables.read(review, scratchContext, ridPasid(scratchContext), false, scratch)
        && scratch.kind == Kind.PASS_THROUGH
        && PasidEntry.P.isSet(scratch.raw[0]);
  }

  // ---- comparing caches with tables ------------------------------------------------------------

  /**
   * Translates by the tables alone, as the cached entry of that PASID and domain was made.
   *
   * @return false if the tables refuse it, or now name another domain
   */
  boolean fresh(Request request, int pasid, int domain) {
    Binding binding = freshBinding(request, pasid);
    if (binding == null || binding.domain != domain || binding.kind == Kind.PASS_THROUGH) {
      return false;
    }
    return walk(request, binding, mode == TableMode.LEGACY ? legacyReasons : scalableReasons);
  }

  private @Nullable Binding freshBinding(Request request, int pasid) {
    if (mode == TableMode.LEGACY) {
      return contextTables.readLegacy(request, rootTable, scratch) ? scratch : null;
    }
    boolean read =
        mode == TableMode.SCALABLE
            && contextTables.readScalable(request, rootTable, scratchContext)
            && pasidTables.read(
                request,
                scratchContext,
                pasid < 0 ? ridPasid(scratchContext) : pasid,
                false,
                scratch);
    return read ? scratch : null;
  }

  /** Tells whether a cached context or PASID (unless -1) entry differs from the tables. */
  boolean isStaleBinding(int source, int pasid) {
    review.start(source, 0, Rights.READ);
    review.probing = true;
    review.ignoringCaches = true;
    if (mode == TableMode.LEGACY) {
      int slot = caches.contexts.find(source);
      Binding cached = slot < 0 ? null : caches.contexts.at(slot);
      return cached != null
          && !(contextTables.readLegacy(review, rootTable, scratch)
              && Arrays.equals(scratch.raw, 0, 2, cached.raw, 0, 2));
    }
    if (pasid < 0) {
      int slot = caches.scalableContexts.find(source);
      ScalableContext cached = slot < 0 ? null : caches.scalableContexts.at(slot);
      return cached != null
          && !(contextTables.readScalable(review, rootTable, scratchContext)
              && Arrays.equals(scratchContext.raw, cached.raw));
    }
    int slot = caches.pasids.find((long) source << 20 | pasid);
    Binding cached = slot < 0 ? null : caches.pasids.at(slot);
    return cached != null
        && !(freshBinding(review, pasid) != null && Arrays.equals(scratch.raw, cached.raw));
  }
}
