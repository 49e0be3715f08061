package org.iommulab.vtd.config;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which quirks each QEMU has. Sources: the oracles' descriptions, sections 4 to 6; D- and E-numbers
 * are theirs.
 */
final class QemuQuirks {

  /** In both versions. */
  private static final Set<Quirk> COMMON =
      EnumSet.of(
          Quirk.CACHED_DENIAL_IS_NOT_RECORDED,
          Quirk.CONTEXT_RESERVED_IGNORES_FPD,
          Quirk.LEGACY_REASONS_IN_SCALABLE_MODE,
          Quirk.PASID_TABLES_LOOSELY_CHECKED,
          Quirk.PASID_PRESENCE_NOT_RECHECKED,
          Quirk.ROOT_HALVES_ARE_CHECKED_TOGETHER,
          Quirk.INTERRUPT_RANGE_REFUSES_WHOLE_PAGE,
          Quirk.INTERRUPT_RANGE_REASON_BY_CAPABILITY,
          Quirk.REGISTER_ADDRESSES_ARE_CUT,
          Quirk.PASS_THROUGH_IS_UNCHECKED,
          Quirk.PASS_THROUGH_DETACHES_DEVICE,
          Quirk.SNOOP_BIT_ALLOWED_WITH_SCALABLE_MODE,
          Quirk.ALL_ONES_ENTRY_IS_UNREADABLE,
          Quirk.FAULTS_COLLAPSE_BY_REQUESTER,
          Quirk.DISABLING_RESETS_RECORD_INDEX,
          Quirk.TABLE_MODE_IS_ONE_BIT,
          Quirk.QUEUE_ADDRESS_READS_LATCHED,
          Quirk.INTERRUPT_TABLE_WITHOUT_REMAPPING,
          Quirk.COMPATIBILITY_SWITCH_IS_DEAD,
          Quirk.FAULT_EVENT_REVIEWED_ON_STATUS_WRITE_ONLY,
          Quirk.EARLY_TAIL_IS_PROCESSED,
          Quirk.QUEUE_DISABLE_NEEDS_WAIT,
          Quirk.QUEUE_RESUMES_ON_TAIL_WRITE,
          Quirk.QUEUE_WIDTH_ERRORS_IGNORED,
          Quirk.QUEUE_WIDTH_IS_NOT_LATCHED,
          Quirk.COMPATIBILITY_INTERRUPTS_PASS,
          Quirk.DMA_INTERRUPTS_ARE_ANONYMOUS,
          Quirk.INTERRUPT_ENTRIES_LOOSELY_CHECKED,
          Quirk.INTERRUPT_BUS_RANGE_IS_REVERSED,
          Quirk.DOMAIN_CONTEXT_FLUSH_IS_GLOBAL,
          Quirk.DEVICE_CONTEXT_FLUSH_IGNORES_DOMAIN,
          Quirk.TABLE_COMMANDS_EMPTY_CACHES,
          Quirk.FAULTS_ARE_NEVER_CACHED,
          Quirk.EVENT_UPPER_ADDRESS_IS_ZERO,
          Quirk.INVALIDATION_EVENT_DATA_HAS_32_BITS);

  /** QEMU 7.2. */
  static Set<Quirk> of72() {
    return with(
        Quirk.PASID_FIELD_FILLED_WITHOUT_PASID,
        Quirk.RID_PASID_IS_RECORDED,
        Quirk.ONE_REASON_FOR_PASID_TABLES,
        Quirk.EVERY_STAGE_IS_SECOND_STAGE,
        Quirk.TRANSIENT_MAPPING_WITH_DEVICE_TLB,
        Quirk.DESCRIPTORS_LOOSELY_CHECKED,
        Quirk.MISALIGNED_TAIL_IS_IGNORED,
        Quirk.INTERRUPT_FAULTS_NOT_RECORDED,
        Quirk.PAGE_FLUSH_MASK_HAS_EIGHT_BITS);
  }

  /** QEMU 11.1; old leaf entries may be transient mappings if they are asked for. */
  static Set<Quirk> of111(boolean transientMappings) {
    Set<Quirk> quirks =
        with(
            Quirk.PASID_FPD_COUNTS_WHEN_ALL_IS_WELL,
            Quirk.PASID_ACCESS_FAULTS_IGNORE_FPD,
            Quirk.PASID_TYPE_BEFORE_PRESENCE,
            Quirk.STAGE_FOLLOWS_CAPABILITY,
            Quirk.RID_PASID_IS_IGNORED,
            Quirk.TRANSLATION_CACHE_COMES_FIRST,
            Quirk.PASID_FLUSH_DROPS_SECOND_STAGE,
            Quirk.PASS_THROUGH_FOLLOWS_PASID_CACHE,
            Quirk.FIRST_STAGE_CHECKED_LEVEL_BY_LEVEL,
            Quirk.FIRST_STAGE_UPDATES_NEED_NO_SNOOP,
            Quirk.DIRTY_BIT_MAY_BE_LOST,
            Quirk.FIRST_STAGE_GIGABYTE_PAGES_ALWAYS,
            Quirk.CANONICAL_CHECK_BY_SECOND_STAGE_WIDTH,
            Quirk.EXECUTE_DISABLE_IS_IGNORED,
            Quirk.DESCRIPTORS_NEED_NO_CAPABILITY,
            Quirk.MISALIGNED_TAIL_STOPS_AN_IDLE_QUEUE,
            Quirk.QUEUE_WIDTH_READS_BACK,
            Quirk.PAGE_EVENT_STARTS_UNMASKED);
    if (transientMappings) {
      quirks.add(Quirk.TRANSIENT_MAPPING_WITH_DEVICE_TLB);
    }
    return quirks;
  }

  private static Set<Quirk> with(Quirk... own) {
    Set<Quirk> all = EnumSet.copyOf(COMMON);
    all.addAll(Set.of(own));
    return all;
  }

  private QemuQuirks() {}
}
