package org.iommulab.vtd.translate;

import java.util.EnumSet;
import java.util.Set;
import org.iommulab.bus.DmaAccess.AddressType;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.register.FaultLog;
import org.iommulab.vtd.register.RegisterFile;
import org.iommulab.vtd.request.Counters;
import org.iommulab.vtd.request.Request;
import org.iommulab.vtd.request.Rights;
import org.jspecify.annotations.Nullable;

/**
 * The one request under way, and what a refusal leaves behind: a count and a fault record. Source:
 * vtd.md 5.3.
 */
public final class Requests {

  /** Reasons that say "this device must not", as opposed to "these tables are broken". */
  private static final Set<FaultReason> CONFIGURATION =
      EnumSet.of(
          FaultReason.ROOT_NOT_PRESENT,
          FaultReason.CONTEXT_NOT_PRESENT,
          FaultReason.ADDRESS_BEYOND_WIDTH,
          FaultReason.REQUEST_TYPE_BLOCKED,
          FaultReason.OUTPUT_IN_INTERRUPT_RANGE,
          FaultReason.TABLE_MODE_INVALID,
          FaultReason.PASID_IN_LEGACY_MODE,
          FaultReason.PAGE_REQUEST_IN_LEGACY_MODE,
          FaultReason.ABORTED,
          FaultReason.SCALABLE_ROOT_NOT_PRESENT,
          FaultReason.SCALABLE_CONTEXT_NOT_PRESENT,
          FaultReason.DEVICE_TLB_NOT_ENABLED,
          FaultReason.PASID_NOT_ENABLED,
          FaultReason.PASID_BEYOND_DIRECTORY,
          FaultReason.PAGE_REQUEST_NOT_ENABLED,
          FaultReason.RID_PASID_BEYOND_DIRECTORY,
          FaultReason.PASID_DIRECTORY_NOT_PRESENT,
          FaultReason.PASID_ENTRY_NOT_PRESENT,
          FaultReason.EXECUTE_NOT_ENABLED,
          FaultReason.SUPERVISOR_NOT_ENABLED,
          FaultReason.NOT_CANONICAL,
          FaultReason.UNTRANSLATED_BEYOND_WIDTH,
          FaultReason.SECOND_STAGE_BEYOND_WIDTH,
          FaultReason.SCALABLE_OUTPUT_IN_INTERRUPT_RANGE);

  private final Request request = new Request();
  private final Translator translator;
  private final ProtectedMemory protectedMemory;
  private final FaultLog faults;
  private final Counters counters;
  private final boolean contextReservedUnqualified;
  private final boolean pasidFaultsUnqualified;
  private final boolean pasidFieldFilled;
  private final boolean ridPasidRecorded;

  /** No request yet. */
  public Requests(
      UnitConfiguration configuration,
      RegisterFile registers,
      FaultLog faults,
      Translator translator,
      Counters counters) {
    this.translator = translator;
    protectedMemory = new ProtectedMemory(configuration, registers, translator);
    this.faults = faults;
    this.counters = counters;
    contextReservedUnqualified = configuration.has(Quirk.CONTEXT_RESERVED_IGNORES_FPD);
    pasidFaultsUnqualified =
        configuration.has(Quirk.ONE_REASON_FOR_PASID_TABLES)
            || configuration.has(Quirk.PASID_ACCESS_FAULTS_IGNORE_FPD);
    pasidFieldFilled = configuration.has(Quirk.PASID_FIELD_FILLED_WITHOUT_PASID);
    ridPasidRecorded = configuration.has(Quirk.RID_PASID_IS_RECORDED);
  }

  /** The request under way, to be started anew. */
  public Request current() {
    return request;
  }

  /** Tells whether a write to an address is an interrupt. */
  public static boolean isInterruptAddress(long address) {
    return address >>> 20 == 0xFEE;
  }

  /** Tells whether a reason means that the device must not, not that tables are broken. */
  public static boolean isConfiguration(@Nullable FaultReason reason) {
    return reason == null || CONFIGURATION.contains(reason);
  }

  /** The registers were reset. */
  public void reset() {
    protectedMemory.written();
  }

  /** Translates the request under way; a refusal is recorded. */
  public boolean decide() {
    if (attempt()) {
      return true;
    }
    refuse();
    return false;
  }

  /** Translates the request under way; a refusal leaves nothing behind. */
  public boolean attempt() {
    return translator.translate(request) && protectedMemory.allows(request);
  }

  /** The request under way is refused: counts and records it. */
  public void refuse() {
    FaultReason reason = request.reason;
    if (reason == null || request.probing || request.quiet) {
      return;
    }
    counters.faults++;
    if (!request.cached && !isSuppressed(reason)) {
      request.recorded =
          faults.record(reason, request.address, request.source, recordDetails(reason));
    }
  }

  /** Tells whether an FPD bit keeps a refusal of the request under way from being recorded. */
  public boolean isSuppressed(FaultReason reason) {
    if (!request.faultsSuppressed || !reason.isQualified()) {
      return false;
    }
    boolean exempt =
        (contextReservedUnqualified && reason == FaultReason.CONTEXT_RESERVED)
            || (pasidFaultsUnqualified
                && (reason == FaultReason.PASID_ENTRY_UNREADABLE
                    || reason == FaultReason.PASID_DIRECTORY_UNREADABLE));
    return !exempt;
  }

  private long recordDetails(FaultReason reason) {
    boolean reads = !request.writes();
    boolean atomic =
        request.writes()
            && (request.need & Rights.READ) != 0
            && request.type == AddressType.UNTRANSLATED;
    long details = 0;
    if (request.pageRequest) {
      details |= FaultRecord.T2.mask();
    } else {
      details |= reads || atomic ? FaultRecord.T1.mask() : 0;
      details |= atomic ? FaultRecord.T2.mask() : 0;
      details = FaultRecord.AT.with(details, request.type.ordinal());
    }
    if (request.hasPasid()) {
      details = FaultRecord.PP.with(details, 1);
      details = FaultRecord.PV.with(details, request.pasid);
      details = FaultRecord.EXE.with(details, request.executes() ? 1 : 0);
      details = FaultRecord.PRIV.with(details, request.privileged ? 1 : 0);
    } else if (request.inWalk && translator.mode() == TableMode.SCALABLE && ridPasidRecorded) {
      details = FaultRecord.PP.with(details, 1);
      details = FaultRecord.PV.with(details, request.usedPasid & 0xFFFF);
    } else if (request.inWalk && pasidFieldFilled) {
      details = FaultRecord.PV.with(details, 0xFFFF);
    }
    return details;
  }
}
