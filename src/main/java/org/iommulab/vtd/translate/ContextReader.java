package org.iommulab.vtd.translate;

import static org.iommulab.vtd.request.PathRecorder.fact;
import static org.iommulab.vtd.request.PathRecorder.hex;

import java.util.List;
import java.util.Set;
import org.iommulab.bits.Layout;
import org.iommulab.vtd.cache.Binding;
import org.iommulab.vtd.cache.ScalableContext;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.request.PathRecorder;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.WalkStep.Stage;
import org.jspecify.annotations.Nullable;

/** Reads and checks root and context entries of both modes. Source: vtd.md 4.2, 4.3. */
final class ContextReader {

  private static final long P = RootEntry.P.mask();
  private static final long ADDRESS = RootEntry.CTP.mask();

  private final TableMemory memory;
  private final Capabilities capabilities;
  private final Reasons scalableReasons;
  private final boolean loose;
  private final boolean passThrough;
  private final boolean deviceTlb;
  private final boolean passThroughUnchecked;
  private final boolean halvesTogether;
  private final long aboveHost;
  private final long rootReservedLow;
  private final long rootReservedHigh;
  private final long scalableRootReservedLow;
  private final long scalableRootReservedHigh;
  private final long contextReservedLow;
  private final long contextReservedHigh;
  private final long[] scalableContextReserved = new long[4];

  ContextReader(UnitConfiguration configuration, TableMemory memory) {
    this.memory = memory;
    capabilities = configuration.capabilities();
    scalableReasons =
        configuration.has(Quirk.LEGACY_REASONS_IN_SCALABLE_MODE)
            ? Reasons.LEGACY
            : Reasons.SCALABLE;
    passThrough = capabilities.has(ExtendedCapabilityLayout.PT);
    deviceTlb = capabilities.has(ExtendedCapabilityLayout.DT);
    passThroughUnchecked = configuration.has(Quirk.PASS_THROUGH_IS_UNCHECKED);
    halvesTogether = configuration.has(Quirk.ROOT_HALVES_ARE_CHECKED_TOGETHER);
    aboveHost = -1L << capabilities.hostAddressWidth();
    Set<String> features = capabilities.features();
    rootReservedLow = RootEntry.LEGACY.reservedMask(0, features) | aboveHost;
    rootReservedHigh = RootEntry.LEGACY.reservedMask(1, features);
    scalableRootReservedLow = RootEntry.SCALABLE.reservedMask(0, features) | aboveHost;
    scalableRootReservedHigh = RootEntry.SCALABLE.reservedMask(1, features) | aboveHost;
    contextReservedLow = ContextEntry.LAYOUT.reservedMask(0, features) | aboveHost;
    contextReservedHigh =
        ContextEntry.LAYOUT.reservedMask(1, features)
            | unsupported(capabilities.domainIdBits()) << ContextEntry.DID.shift();
    for (int i = 0; i < 4; i++) {
      scalableContextReserved[i] = ScalableContextEntry.LAYOUT.reservedMask(i, features);
    }
    scalableContextReserved[0] |= aboveHost;
    loose = configuration.has(Quirk.PASID_TABLES_LOOSELY_CHECKED);
    if (loose) {
      scalableContextReserved[0] &=
          ~(ScalableContextEntry.DTE.mask()
              | ScalableContextEntry.PASIDE.mask()
              | ScalableContextEntry.PRE.mask());
      scalableContextReserved[1] &=
          ~(ScalableContextEntry.RID_PASID.mask() | ScalableContextEntry.RID_PRIV.mask());
    }
  }

  private static long unsupported(int domainIdBits) {
    return 0xFFFFL & -1L << domainIdBits;
  }

  /** Reads both tables of legacy mode; false if a check failed. */
  boolean readLegacy(Request request, long root, Binding binding) {
    int bus = request.source >> 8;
    long rootAddress = root + bus * (long) RootEntry.BYTES;
    long[] frame = memory.frame(rootAddress >>> 12);
    if (frame == null) {
      return rootFault(
          request, rootAddress, 0, 0, RootEntry.LEGACY, Reasons.LEGACY.rootUnreadable());
    }
    int at = (int) rootAddress >>> 3 & 511;
    long low = frame[at];
    long high = frame[at + 1];
    FaultReason reason = null;
    if ((low & P) == 0) {
      reason = Reasons.LEGACY.rootNotPresent();
    } else if ((low & rootReservedLow) != 0 || (high & rootReservedHigh) != 0) {
      reason = Reasons.LEGACY.rootReserved();
    }
    if (!rootFault(request, rootAddress, low, high, RootEntry.LEGACY, reason)) {
      return false;
    }
    return readLegacyContext(request, low & ADDRESS, binding);
  }

  private boolean rootFault(
      Request request,
      long address,
      long low,
      long high,
      Layout layout,
      @Nullable FaultReason reason) {
    PathRecorder recorder = request.recorder;
    if (recorder != null) {
      int bus = request.source >> 8;
      boolean unread =
          reason == FaultReason.ROOT_UNREADABLE || reason == FaultReason.SCALABLE_ROOT_UNREADABLE;
      recorder.read(
          Stage.ROOT,
          "Root entry " + bus,
          address,
          unread ? List.of() : List.of(low, high),
          layout,
          reason,
          fact("bus", bus));
    }
    return reason == null || request.fail(reason);
  }

  private boolean readLegacyContext(Request request, long table, Binding binding) {
    int devfn = request.source & 0xFF;
    long address = table + devfn * (long) ContextEntry.BYTES;
    long[] frame = memory.frame(address >>> 12);
    if (frame == null) {
      return contextFault(request, address, binding, false, Reasons.LEGACY.contextUnreadable());
    }
    int at = (int) address >>> 3 & 511;
    long low = frame[at];
    long high = frame[at + 1];
    request.faultsSuppressed |= ContextEntry.FPD.isSet(low);
    FaultReason reason = null;
    if (!ContextEntry.P.isSet(low)) {
      reason = Reasons.LEGACY.contextNotPresent();
    } else if ((low & contextReservedLow) != 0 || (high & contextReservedHigh) != 0) {
      reason = Reasons.LEGACY.contextReserved();
    } else if (!isValid((int) ContextEntry.TT.get(low), (int) ContextEntry.AW.get(high))) {
      reason = FaultReason.CONTEXT_INVALID;
    }
    decode(request, low, high, binding);
    return contextFault(request, address, binding, true, reason);
  }

  private boolean isValid(int type, int width) {
    if (width < 1 || width > 3 || !capabilities.supportsLevels(width + 2)) {
      return false;
    }
    return switch (type) {
      case ContextEntry.TRANSLATE -> true;
      case ContextEntry.TRANSLATE_WITH_DEVICE_TLB -> deviceTlb;
      case ContextEntry.PASS_THROUGH ->
          passThrough && (passThroughUnchecked || width + 2 == capabilities.deepestLevels());
      default -> false;
    };
  }

  private void decode(Request request, long low, long high, Binding binding) {
    int type = (int) ContextEntry.TT.get(low);
    binding.source = request.source;
    binding.pasid = request.pasid;
    binding.scalable = false;
    binding.kind =
        type == ContextEntry.PASS_THROUGH ? Binding.Kind.PASS_THROUGH : Binding.Kind.SECOND_STAGE;
    binding.domain = (int) ContextEntry.DID.get(high);
    binding.faultsSuppressed = ContextEntry.FPD.isSet(low);
    binding.deviceTlb = type == ContextEntry.TRANSLATE_WITH_DEVICE_TLB;
    binding.secondRoot = ContextEntry.SSPTPTR.get(low);
    binding.secondLevels = (int) ContextEntry.AW.get(high) + 2;
    binding.secondBeyond = beyond(binding.secondLevels);
    binding.secondExecute = false;
    binding.secondDirtyTracking = false;
    binding.walksSnoop = capabilities.has(ExtendedCapabilityLayout.C);
    binding.accessSnoops = false;
    binding.raw[0] = low;
    binding.raw[1] = high;
  }

  /** The address bits that must be zero before a second stage of that depth. */
  long beyond(int levels) {
    int width = Math.min(12 + 9 * levels, capabilities.maximumGuestAddressWidth());
    return width >= 64 ? 0 : -1L << width;
  }

  private boolean contextFault(
      Request request,
      long address,
      Binding binding,
      boolean wasRead,
      @Nullable FaultReason reason) {
    PathRecorder recorder = request.recorder;
    if (recorder != null) {
      recorder.read(
          Stage.CONTEXT,
          "Context entry " + request.sourceText(),
          address,
          wasRead ? List.of(binding.raw[0], binding.raw[1]) : List.of(),
          ContextEntry.LAYOUT,
          reason,
          fact("domain", binding.domain),
          fact("levels", binding.secondLevels),
          hex("table", binding.secondRoot));
    }
    return reason == null || request.fail(reason);
  }

  /** Reads both tables of scalable mode; false if a check failed. */
  boolean readScalable(Request request, long root, ScalableContext context) {
    int bus = request.source >> 8;
    long rootAddress = root + bus * (long) RootEntry.BYTES;
    long[] frame = memory.frame(rootAddress >>> 12);
    if (frame == null) {
      return rootFault(
          request, rootAddress, 0, 0, RootEntry.SCALABLE, scalableReasons.rootUnreadable());
    }
    int at = (int) rootAddress >>> 3 & 511;
    long low = frame[at];
    long high = frame[at + 1];
    long half = (request.source & 0x80) == 0 ? low : high;
    FaultReason reason = null;
    if ((half & P) == 0) {
      reason = scalableReasons.rootNotPresent();
    } else if (hasReserved(low, high, (request.source & 0x80) != 0)) {
      reason = scalableReasons.rootReserved();
    }
    if (!rootFault(request, rootAddress, low, high, RootEntry.SCALABLE, reason)) {
      return false;
    }
    return readScalableContext(request, half & ADDRESS, context);
  }

  /** Each half is an entry of its own, with its own P: the other one is none of the device's. */
  private boolean hasReserved(long low, long high, boolean upper) {
    boolean badLow = (low & scalableRootReservedLow) != 0;
    boolean badHigh = (high & scalableRootReservedHigh) != 0;
    return halvesTogether ? badLow || badHigh : upper ? badHigh : badLow;
  }

  private boolean readScalableContext(Request request, long table, ScalableContext context) {
    long address = table + (request.source & 0x7F) * (long) ScalableContextEntry.BYTES;
    long[] frame = memory.frame(address >>> 12);
    FaultReason reason = null;
    if (frame == null) {
      reason = scalableReasons.contextUnreadable();
    } else {
      System.arraycopy(frame, (int) address >>> 3 & 511, context.raw, 0, 4);
      context.source = request.source;
      context.faultsSuppressed = ScalableContextEntry.FPD.isSet(context.raw[0]);
      request.faultsSuppressed |= context.faultsSuppressed;
      if (!ScalableContextEntry.P.isSet(context.raw[0])) {
        reason = scalableReasons.contextNotPresent();
      } else if (hasReserved(context.raw)) {
        reason = scalableReasons.contextReserved();
      } else if (!loose && !isProgrammed(context.raw)) {
        reason = FaultReason.SCALABLE_CONTEXT_INVALID;
      }
    }
    PathRecorder recorder = request.recorder;
    if (recorder != null) {
      long[] raw = context.raw;
      recorder.read(
          Stage.CONTEXT,
          "Context entry " + request.sourceText(),
          address,
          frame == null ? List.of() : List.of(raw[0], raw[1], raw[2], raw[3]),
          ScalableContextEntry.LAYOUT,
          reason,
          hex("directory", ScalableContextEntry.PASIDDIRPTR.get(raw[0])),
          fact("RID_PASID", ScalableContextEntry.RID_PASID.get(raw[1])));
    }
    return reason == null || request.fail(reason);
  }

  /**
   * What a scalable context entry asks for beyond the unit's means, where no field is reserved for
   * want of a capability: page requests of a device that may not translate, a RID_PASID wider than
   * PASIDs are, privileged requests without supervisor support. The architecture's own list is not
   * public; these are the ways that make no sense.
   */
  private boolean isProgrammed(long[] raw) {
    boolean asksForPages =
        ScalableContextEntry.PRE.isSet(raw[0]) && !ScalableContextEntry.DTE.isSet(raw[0]);
    boolean tooWide = ScalableContextEntry.RID_PASID.get(raw[1]) >>> capabilities.pasidBits() != 0;
    boolean privileged =
        ScalableContextEntry.RID_PRIV.isSet(raw[1])
            && !capabilities.has(ExtendedCapabilityLayout.SRS);
    return !asksForPages && !tooWide && !privileged;
  }

  private boolean hasReserved(long[] raw) {
    long bad = 0;
    for (int i = 0; i < 4; i++) {
      bad |= raw[i] & scalableContextReserved[i];
    }
    return bad != 0;
  }
}
