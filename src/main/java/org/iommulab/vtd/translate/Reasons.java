package org.iommulab.vtd.translate;

import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;

/**
 * The fault reasons of one table mode: legacy and scalable mode report the same mistakes under
 * different numbers.
 *
 * @param denialNamesAbsence true if an entry without any right has a reason of its own
 */
record Reasons(
    FaultReason rootUnreadable,
    FaultReason rootNotPresent,
    FaultReason rootReserved,
    FaultReason contextUnreadable,
    FaultReason contextNotPresent,
    FaultReason contextReserved,
    FaultReason topUnreadable,
    FaultReason tableUnreadable,
    FaultReason notPresent,
    boolean denialNamesAbsence,
    FaultReason tableReserved,
    FaultReason writeDenied,
    FaultReason readDenied,
    FaultReason beyondWidth,
    FaultReason untranslatedBeyondWidth,
    FaultReason outputInInterruptRange) {

  static final Reasons LEGACY =
      new Reasons(
          FaultReason.ROOT_UNREADABLE,
          FaultReason.ROOT_NOT_PRESENT,
          FaultReason.ROOT_RESERVED,
          FaultReason.CONTEXT_UNREADABLE,
          FaultReason.CONTEXT_NOT_PRESENT,
          FaultReason.CONTEXT_RESERVED,
          FaultReason.CONTEXT_INVALID,
          FaultReason.TABLE_UNREADABLE,
          FaultReason.READ_DENIED,
          false,
          FaultReason.TABLE_RESERVED,
          FaultReason.WRITE_DENIED,
          FaultReason.READ_DENIED,
          FaultReason.ADDRESS_BEYOND_WIDTH,
          FaultReason.ADDRESS_BEYOND_WIDTH,
          FaultReason.OUTPUT_IN_INTERRUPT_RANGE);

  static final Reasons SCALABLE =
      new Reasons(
          FaultReason.SCALABLE_ROOT_UNREADABLE,
          FaultReason.SCALABLE_ROOT_NOT_PRESENT,
          FaultReason.SCALABLE_ROOT_RESERVED,
          FaultReason.SCALABLE_CONTEXT_UNREADABLE,
          FaultReason.SCALABLE_CONTEXT_NOT_PRESENT,
          FaultReason.SCALABLE_CONTEXT_RESERVED,
          FaultReason.SECOND_STAGE_TOP_UNREADABLE,
          FaultReason.SECOND_STAGE_UNREADABLE,
          FaultReason.SECOND_STAGE_NOT_PRESENT,
          true,
          FaultReason.SECOND_STAGE_RESERVED,
          FaultReason.SCALABLE_WRITE_DENIED,
          FaultReason.SCALABLE_READ_DENIED,
          FaultReason.SECOND_STAGE_BEYOND_WIDTH,
          FaultReason.UNTRANSLATED_BEYOND_WIDTH,
          FaultReason.SCALABLE_OUTPUT_IN_INTERRUPT_RANGE);

  /** The reasons a unit of that configuration has for requests in legacy mode. */
  public static Reasons ofLegacyMode(UnitConfiguration configuration) {
    boolean byCapability =
        configuration.has(Quirk.INTERRUPT_RANGE_REASON_BY_CAPABILITY)
            && configuration.capabilities().has(ExtendedCapabilityLayout.SMTS);
    return byCapability
        ? LEGACY.withOutputInInterruptRange(SCALABLE.outputInInterruptRange())
        : LEGACY;
  }

  /** The reasons a unit of that configuration has for requests in scalable mode. */
  public static Reasons ofScalableMode(UnitConfiguration configuration) {
    return configuration.has(Quirk.LEGACY_REASONS_IN_SCALABLE_MODE)
        ? ofLegacyMode(configuration)
        : SCALABLE;
  }

  /** Tells whether a walk's reason means a broken entry rather than an absent one. */
  boolean isBroken(FaultReason reason) {
    return reason == tableReserved || reason == tableUnreadable || reason == topUnreadable;
  }

  /** These with another reason for output in the interrupt range. */
  Reasons withOutputInInterruptRange(FaultReason reason) {
    return new Reasons(
        rootUnreadable,
        rootNotPresent,
        rootReserved,
        contextUnreadable,
        contextNotPresent,
        contextReserved,
        topUnreadable,
        tableUnreadable,
        notPresent,
        denialNamesAbsence,
        tableReserved,
        writeDenied,
        readDenied,
        beyondWidth,
        untranslatedBeyondWidth,
        reason);
  }
}
