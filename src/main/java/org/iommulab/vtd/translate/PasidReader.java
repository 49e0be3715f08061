package org.iommulab.vtd.translate;

import static org.iommulab.vtd.request.PathRecorder.fact;
import static org.iommulab.vtd.request.PathRecorder.hex;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.ScalableContext;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.PasidDirectoryEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.request.PathRecorder;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.jspecify.annotations.Nullable;

/** Reads and checks PASID directory and PASID entries. Source: vtd.md 4.3 steps 4 to 7. */
final class PasidReader {

  private final TableMemory memory;
  private final Capabilities capabilities;
  private final ContextReader contexts;
  private final boolean oneReason;
  private final boolean loose;
  private final boolean presenceNotRechecked;
  private final boolean everyStageIsSecond;
  private final boolean fpdNeedsSuccess;
  private final boolean typeBeforePresence;
  private final boolean stageByCapability;
  private final boolean passThroughUnchecked;
  private final long directoryReserved;
  private final long[] entryReserved = new long[8];
  private final long aboveHost;

  PasidReader(UnitConfiguration configuration, TableMemory memory, ContextReader contexts) {
    this.memory = memory;
    this.contexts = contexts;
    capabilities = configuration.capabilities();
    oneReason = configuration.has(Quirk.ONE_REASON_FOR_PASID_TABLES);
    loose = configuration.has(Quirk.PASID_TABLES_LOOSELY_CHECKED);
    presenceNotRechecked = configuration.has(Quirk.PASID_PRESENCE_NOT_RECHECKED);
    everyStageIsSecond = configuration.has(Quirk.EVERY_STAGE_IS_SECOND_STAGE);
    fpdNeedsSuccess = configuration.has(Quirk.PASID_FPD_COUNTS_WHEN_ALL_IS_WELL);
    typeBeforePresence = configuration.has(Quirk.PASID_TYPE_BEFORE_PRESENCE);
    stageByCapability = configuration.has(Quirk.STAGE_FOLLOWS_CAPABILITY);
    passThroughUnchecked = configuration.has(Quirk.PASS_THROUGH_IS_UNCHECKED);
    aboveHost = -1L << capabilities.hostAddressWidth();
    Set<String> features = capabilities.features();
    directoryReserved =
        loose ? 0 : PasidDirectoryEntry.LAYOUT.reservedMask(0, features) | aboveHost;
    for (int i = 0; i < 8; i++) {
      entryReserved[i] = loose ? 0 : PasidEntry.LAYOUT.reservedMask(i, features);
    }
    if (!loose) {
      entryReserved[1] |= (0xFFFFL & -1L << capabilities.domainIdBits()) << PasidEntry.DID.shift();
    }
  }

  /**
   * Reads both tables for a PASID.
   *
   * @param contextCached whether the context entry came from the cache
   * @return false if a check failed
   */
  boolean read(
      Request request, ScalableContext context, int pasid, boolean contextCached, Binding binding) {
    boolean lenient = presenceNotRechecked && contextCached;
    boolean unchecked = lenient && context.faultsSuppressed;
    long directory = ScalableContextEntry.PASIDDIRPTR.get(context.raw[0]);
    long address = directory + (pasid >>> 6) * (long) PasidDirectoryEntry.BYTES;
    long[] frame = memory.frame(address >>> 12);
    long entry = frame == null ? 0 : frame[(int) address >>> 3 & 511];
    FaultReason reason = null;
    if (frame == null) {
      reason = FaultReason.PASID_DIRECTORY_UNREADABLE;
    } else {
      boolean suppressed = PasidDirectoryEntry.FPD.isSet(entry);
      unchecked |= lenient && suppressed;
      request.faultsSuppressed |= suppressed && (!fpdNeedsSuccess || unchecked);
      if (!PasidDirectoryEntry.P.isSet(entry)) {
        reason = FaultReason.PASID_DIRECTORY_NOT_PRESENT;
      } else if ((entry & directoryReserved) != 0) {
        reason = FaultReason.PASID_DIRECTORY_RESERVED;
      }
    }
    reason = named(reason);
    PathRecorder recorder = request.recorder;
    if (recorder != null) {
      recorder.read(
          Stage.PASID_DIRECTORY,
          "PASID directory entry " + (pasid >>> 6),
          address,
          frame == null ? List.of() : List.of(entry),
          PasidDirectoryEntry.LAYOUT,
          reason,
          hex("table", PasidDirectoryEntry.SMPTBLPTR.get(entry)));
    }
    if (reason != null) {
      return request.fail(reason);
    }
    long table = PasidDirectoryEntry.SMPTBLPTR.get(entry);
    if (!readEntry(request, table, pasid, lenient, unchecked, binding)) {
      return false;
    }
    request.faultsSuppressed |=
        PasidDirectoryEntry.FPD.isSet(entry) || PasidEntry.FPD.isSet(binding.raw[0]);
    binding.faultsSuppressed = request.faultsSuppressed;
    return true;
  }

  private boolean readEntry(
      Request request, long table, int pasid, boolean lenient, boolean unchecked, Binding binding) {
    long address = table + (pasid & 63) * (long) PasidEntry.BYTES;
    long[] frame = memory.frame(address >>> 12);
    long[] raw = binding.raw;
    FaultReason reason = null;
    if (frame == null) {
      reason = FaultReason.PASID_ENTRY_UNREADABLE;
    } else {
      System.arraycopy(frame, (int) address >>> 3 & 511, raw, 0, 8);
      request.faultsSuppressed |= PasidEntry.FPD.isSet(raw[0]) && !fpdNeedsSuccess;
      reason = unchecked ? depth(raw) : check(raw, lenient);
      decode(request, pasid, binding);
      if (reason == null && lenient && check(raw, false) != null) {
        binding.kind = stageThereIs();
      }
    }
    reason = named(reason);
    if (request.recorder != null) {
      describe(request.recorder, address, frame != null, pasid, binding, reason);
    }
    return reason == null || request.fail(reason);
  }

  /** The stage of an entry that is used although a check fails. */
  private Binding.Kind stageThereIs() {
    if (!stageByCapability) {
      return Binding.Kind.SECOND_STAGE;
    }
    return capabilities.has(ExtendedCapabilityLayout.FSTS)
        ? Binding.Kind.FIRST_STAGE
        : Binding.Kind.SECOND_STAGE;
  }

  /** Checked or not, there are no tables deeper than five levels; QEMU itself ends here. */
  private static @Nullable FaultReason depth(long[] raw) {
    return PasidEntry.AW.get(raw[0]) > 3 ? FaultReason.PASID_ENTRY_INVALID : null;
  }

  private @Nullable FaultReason check(long[] raw, boolean lenient) {
    int type = (int) PasidEntry.PGTT.get(raw[0]);
    if (typeBeforePresence && !isValid(raw, type)) {
      return FaultReason.PASID_ENTRY_INVALID;
    }
    if (!PasidEntry.P.isSet(raw[0]) && !lenient) {
      return FaultReason.PASID_ENTRY_NOT_PRESENT;
    }
    if (hasReserved(raw, type)) {
      return FaultReason.PASID_ENTRY_RESERVED;
    }
    return isValid(raw, type) ? null : FaultReason.PASID_ENTRY_INVALID;
  }

  private boolean hasReserved(long[] raw, int type) {
    long bad = 0;
    for (int i = 0; i < 8; i++) {
      bad |= raw[i] & entryReserved[i];
    }
    if (!loose && usesSecond(type)) {
      bad |= PasidEntry.SSPTPTR.get(raw[0]) & aboveHost;
    }
    if (!loose && type == PasidEntry.FIRST_STAGE) {
      bad |= PasidEntry.FSPTPTR.get(raw[2]) & aboveHost;
    }
    return bad != 0;
  }

  private static boolean usesFirst(int type) {
    return type == PasidEntry.FIRST_STAGE || type == PasidEntry.NESTED;
  }

  private static boolean usesSecond(int type) {
    return type == PasidEntry.SECOND_STAGE || type == PasidEntry.NESTED;
  }

  private boolean isValid(long[] raw, int type) {
    int width = (int) PasidEntry.AW.get(raw[0]);
    boolean widthSupported = width >= 1 && width <= 3 && capabilities.supportsLevels(width + 2);
    if (everyStageIsSecond) {
      boolean known =
          usesFirst(type) || usesSecond(type) || (type == PasidEntry.PASS_THROUGH && passes());
      return known && widthSupported;
    }
    if (usesFirst(type)) {
      int depth = (int) PasidEntry.FSPM.get(raw[2]);
      boolean deep = depth == 1 && capabilities.has(CapabilityLayout.FS5LP);
      if (depth != 0 && !deep) {
        return false;
      }
    }
    return switch (type) {
      case PasidEntry.FIRST_STAGE -> capabilities.has(ExtendedCapabilityLayout.FSTS);
      case PasidEntry.SECOND_STAGE ->
          capabilities.has(ExtendedCapabilityLayout.SSTS) && widthSupported;
      case PasidEntry.NESTED -> capabilities.has(ExtendedCapabilityLayout.NEST) && widthSupported;
      case PasidEntry.PASS_THROUGH ->
          passes() && (passThroughUnchecked || width + 2 == capabilities.deepestLevels());
      default -> false;
    };
  }

  private boolean passes() {
    return capabilities.has(ExtendedCapabilityLayout.PT);
  }

  private @Nullable FaultReason named(@Nullable FaultReason reason) {
    return reason != null && oneReason ? FaultReason.PASID_ENTRY_UNREADABLE : reason;
  }

  private void decode(Request request, int pasid, Binding binding) {
    long[] raw = binding.raw;
    int type = (int) PasidEntry.PGTT.get(raw[0]);
    binding.source = request.source;
    binding.pasid = pasid;
    binding.scalable = true;
    binding.kind = kind(type);
    binding.domain = (int) PasidEntry.DID.get(raw[1]);
    binding.faultsSuppressed = request.faultsSuppressed;
    binding.secondRoot = PasidEntry.SSPTPTR.get(raw[0]);
    binding.secondLevels = (int) PasidEntry.AW.get(raw[0]) + 2;
    binding.secondBeyond = contexts.beyond(binding.secondLevels);
    binding.secondExecute = !loose && PasidEntry.SSEE.isSet(raw[0]);
    binding.secondDirtyTracking = !loose && PasidEntry.SSADE.isSet(raw[0]);
    binding.firstRoot = PasidEntry.FSPTPTR.get(raw[2]);
    binding.firstLevels = 4 + (int) PasidEntry.FSPM.get(raw[2]);
    binding.supervisorRequests = !loose && PasidEntry.SRE.isSet(raw[2]);
    binding.executeRequests = !loose && PasidEntry.ERE.isSet(raw[2]);
    binding.writeProtect = !loose && PasidEntry.WPE.isSet(raw[2]);
    binding.executeDisable = !loose && PasidEntry.NXE.isSet(raw[2]);
    binding.supervisorExecuteProtect = !loose && PasidEntry.SMEP.isSet(raw[2]);
    binding.extendedAccessed = !loose && PasidEntry.EAFE.isSet(raw[2]);
    binding.walksSnoop = PasidEntry.PWSNP.isSet(raw[1]);
    binding.accessSnoops = PasidEntry.PGSNP.isSet(raw[1]);
  }

  private Binding.Kind kind(int type) {
    return switch (type) {
      case PasidEntry.PASS_THROUGH -> Binding.Kind.PASS_THROUGH;
      case PasidEntry.FIRST_STAGE ->
          everyStageIsSecond ? Binding.Kind.SECOND_STAGE : Binding.Kind.FIRST_STAGE;
      case PasidEntry.NESTED ->
          everyStageIsSecond ? Binding.Kind.SECOND_STAGE : Binding.Kind.NESTED;
      default -> Binding.Kind.SECOND_STAGE;
    };
  }

  private static void describe(
      PathRecorder recorder,
      long address,
      boolean wasRead,
      int pasid,
      Binding binding,
      @Nullable FaultReason reason) {
    var quadwords = new ArrayList<Long>();
    for (int i = 0; wasRead && i < 8; i++) {
      quadwords.add(binding.raw[i]);
    }
    recorder.read(
        Stage.PASID_ENTRY,
        "PASID entry " + pasid,
        address,
        quadwords,
        PasidEntry.LAYOUT,
        reason,
        fact("domain", binding.domain),
        fact("type", binding.kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')));
  }
}
