package org.iommulab.vtd.translate;

import static org.iommulab.vtd.request.PathRecorder.fact;
import static org.iommulab.vtd.request.PathRecorder.hex;

import java.util.List;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.Binding.Kind;
import org.iommulab.vtd.cache.Caches;
import org.iommulab.vtd.cache.TranslationCache;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.request.WalkStep.Outcome;
import org.iommulab.vtd.request.WalkStep.Stage;

/**
 * From a binding to a physical address, alike in both modes: IOTLB, walk, check of the output.
 * Source: vtd.md 4.4 to 4.6.
 */
final class AddressTranslation {

  private static final long FRAME = SecondStageWalker.ADDRESS;

  private final Counters counters;
  private final EntryReader entries;
  private final SecondStageWalker secondStage;
  private final FirstStageWalker firstStage;
  private final TranslationCache iotlb;
  private final boolean iotlbExists;
  private final PagingStructures paging;
  private final InterruptRange interruptRange;
  private final boolean cachesFaults;
  private final boolean denialsHidden;
  private final boolean passThroughUnchecked;
  private final long hostLimit;
  private final long passThroughLimit;

  public AddressTranslation(
      UnitConfiguration configuration,
      Caches caches,
      Counters counters,
      EntryReader entries,
      SecondStageWalker secondStage,
      FirstStageWalker firstStage,
      InterruptRange interruptRange,
      BindingReader reader) {
    this.counters = counters;
    this.entries = entries;
    this.secondStage = secondStage;
    this.firstStage = firstStage;
    this.interruptRange = interruptRange;
    iotlb = caches.iotlb;
    iotlbExists = iotlb.exists();
    paging = new PagingStructures(caches.paging, secondStage, firstStage, counters);
    cachesFaults = configuration.cachesFaults();
    denialsHidden = configuration.has(Quirk.CACHED_DENIAL_IS_NOT_RECORDED);
    passThroughUnchecked = configuration.has(Quirk.PASS_THROUGH_IS_UNCHECKED);
    Capabilities capabilities = configuration.capabilities();
    hostLimit = -1L << capabilities.hostAddressWidth();
    passThroughLimit = reader.beyond(capabilities.deepestLevels()) | hostLimit;
  }

  /** A request whose address is a physical one already. */
  public boolean translated(Request request, Reasons reasons) {
    if ((request.address & hostLimit) != 0) {
      return request.failAt(Stage.OUTPUT, "Host width", reasons.untranslatedBeyondWidth());
    }
    return finish(request, request.address, 1, Rights.ALL, reasons);
  }

  /** A request that passes as it is. */
  public boolean passThrough(Request request, Reasons reasons) {
    if (passThroughUnchecked) {
      return request.succeed(request.address, 1, Rights.ALL);
    }
    if ((request.address & passThroughLimit) != 0) {
      return request.failAt(Stage.OUTPUT, "Width", reasons.untranslatedBeyondWidth());
    }
    return finish(request, request.address, 1, Rights.ALL, reasons);
  }

  /** Answers from the IOTLB if it can; false to walk the tables instead. */
  public boolean fromCache(Request request, long tag, Reasons reasons) {
    int slot = lookUp(request, tag);
    return slot >= 0 && useSlot(request, slot, reasons);
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

  private boolean useSlot(Request request, int slot, Reasons reasons) {
    long value = iotlb.value(slot);
    int level = iotlb.level(slot);
    long offset = (1L << 9 * level + 3) - 1;
    int rights = (int) value & 0xFFF;
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
    if (TranslationCache.isNegative(value)) {
      return useNegative(request, slot, reasons);
    }
    if (!allows(request, rights)) {
      if (!denialsHidden) {
        return false;
      }
      request.cached = true;
      request.failAt(
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

  /** What first-stage tables now have behind their entry of a level, whatever lies below. */
  public long firstStageTable(Request request, Binding binding, int level) {
    entries.snoop(binding.walksSnoop);
    firstStage.walk(request, binding);
    return firstStage.passed(level);
  }

  /** Walks the tables and fills the caches. */
  public boolean walk(Request request, Binding binding, Reasons reasons) {
    request.inWalk = true;
    int before = entries.reads();
    entries.snoop(binding.walksSnoop);
    boolean second = binding.kind == Kind.SECOND_STAGE;
    if (second && (request.address & binding.secondBeyond) != 0) {
      return request.failAt(Stage.SECOND_STAGE, "Address width", reasons.beyondWidth());
    }
    if (paging.exist() && !request.ignoringCaches) {
      paging.resume(request, binding);
    }
    FaultReason reason =
        second
            ? secondStage.walk(request, binding, request.address, request.need, reasons)
            : firstStage.walk(request, binding);
    if (!request.probing) {
      counters.tableReads += entries.reads() - before;
    }
    if (reason != null) {
      if (cachesFaults && second && !request.probing && secondStage.refusesAll()) {
        keepAbsence(request, binding, reason, reasons);
      }
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
      iotlb.insert(
          request.address, binding.tag, level, output & ~offset | request.cacheable, binding);
    }
    if (paging.exist() && !request.probing) {
      paging.keep(request, binding);
    }
    return true;
  }

  /** Caching mode: the entry that refuses is remembered like one that grants. */
  private void keepAbsence(Request request, Binding binding, FaultReason reason, Reasons reasons) {
    boolean absent = !reasons.isBroken(reason);
    iotlb.insert(
        request.address,
        binding.tag,
        secondStage.level(),
        TranslationCache.negative(absent ? 0 : reason.code()),
        binding);
  }

  private boolean useNegative(Request request, int slot, Reasons reasons) {
    FaultReason broken = FaultReason.of(TranslationCache.reason(iotlb.value(slot)));
    FaultReason denial = request.writes() ? reasons.writeDenied() : reasons.readDenied();
    FaultReason absent = reasons.denialNamesAbsence() ? reasons.notPresent() : denial;
    request.inWalk = true;
    request.failAt(Stage.IOTLB, "Cached absence", broken == null ? absent : broken);
    return true;
  }

  private boolean finish(Request request, long output, int level, int rights, Reasons reasons) {
    if (interruptRange.forbids(output, level)) {
      return request.failAt(Stage.OUTPUT, "Interrupt range", reasons.outputInInterruptRange());
    }
    return request.succeed(output, level, rights);
  }
}
