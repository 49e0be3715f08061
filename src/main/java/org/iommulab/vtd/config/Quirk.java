package org.iommulab.vtd.config;

/**
 * One way in which an implementation departs from the architecture, or chooses among what it
 * allows. Named by what it does; a profile is a set of them. D-numbers refer to section 6 of the
 * older oracle's description, "cache" to section 4; E-numbers to section 6 of the newer one's.
 */
public enum Quirk {
  /** The requests that abort-DMA mode refuses are recorded with reason 33; not public. */
  ABORTED_REQUESTS_ARE_RECORDED,
  /**
   * Processor caches and write buffer hold writes back as long as they may: without ECAP.C until
   * flushed, with CAP.RWBF until the write buffer is emptied.
   */
  PROCESSOR_WRITES_ARE_HELD_BACK,
  /**
   * Switched off, or nothing at its base: registers read as all ones, writes are lost, and whatever
   * devices send passes as it is.
   */
  DOES_NOT_ANSWER,
  /** A right missing in a cached translation blocks without a fault record (D1). */
  CACHED_DENIAL_IS_NOT_RECORDED,
  /** Page-walk faults leave ones in the PASID field of a record that has no PASID (D2). */
  PASID_FIELD_FILLED_WITHOUT_PASID,
  /** Scalable page-walk faults are recorded as if the request had carried RID_PASID (D3). */
  RID_PASID_IS_RECORDED,
  /** A reserved bit in a context entry is reported in spite of FPD (D4). */
  CONTEXT_RESERVED_IGNORES_FPD,
  /** Every problem of PASID directory and table is reason 58, in spite of FPD (D5). */
  ONE_REASON_FOR_PASID_TABLES,
  /** Scalable mode reports the reasons of legacy mode (D6). */
  LEGACY_REASONS_IN_SCALABLE_MODE,
  /** Reserved bits of PASID entries and feature bits of context entries are not looked at (D7). */
  PASID_TABLES_LOOSELY_CHECKED,
  /**
   * FPD of PASID directory and PASID entry counts only for requests that passed every check of
   * both; with the context entry cached, FPD of the directory entry ends the checks (E15).
   */
  PASID_FPD_COUNTS_WHEN_ALL_IS_WELL,
  /** An unreadable PASID directory or PASID table is reported in spite of FPD (E15). */
  PASID_ACCESS_FAULTS_IGNORE_FPD,
  /** Type and width of a PASID entry are checked before its P (E7). */
  PASID_TYPE_BEFORE_PRESENCE,
  /** A PASID entry that fails the checks but is used all the same is of the stage there is (D8). */
  STAGE_FOLLOWS_CAPABILITY,
  /** RID_PASID may be set but PASID 0 is used (E16). */
  RID_PASID_IS_IGNORED,
  /** The IOTLB is asked before context and PASID entry in scalable mode too (E6). */
  TRANSLATION_CACHE_COMES_FIRST,
  /** Invalidating a whole PASID drops its second-stage translations too (section 5). */
  PASID_FLUSH_DROPS_SECOND_STAGE,
  /** PASID-cache invalidation looks again whether devices are on the unit. */
  PASS_THROUGH_FOLLOWS_PASID_CACHE,
  /** Each first-stage entry is judged, and its accessed bit set, before the next (E8 to E10). */
  FIRST_STAGE_CHECKED_LEVEL_BY_LEVEL,
  /** Accessed and dirty bits are set by walks that do not snoop (E1). */
  FIRST_STAGE_UPDATES_NEED_NO_SNOOP,
  /** A dirty bit is not set beside an accessed bit, nor by a cached translation (E2). */
  DIRTY_BIT_MAY_BE_LOST,
  /** First-stage pages of 1 GiB need no capability (E3). */
  FIRST_STAGE_GIGABYTE_PAGES_ALWAYS,
  /** AW bounds the canonical addresses of a first stage (E4). */
  CANONICAL_CHECK_BY_SECOND_STAGE_WIDTH,
  /** XD may be set and means nothing (E14). */
  EXECUTE_DISABLE_IS_IGNORED,
  /** Reserved bits of either half of a scalable root entry stop the devices of both (E12). */
  ROOT_HALVES_ARE_CHECKED_TOGETHER,
  /** First-stage and nested entries are walked as second stage (D7). */
  EVERY_STAGE_IS_SECOND_STAGE,
  /** With the context entry cached, P of the PASID entry is not looked at again (D8). */
  PASID_PRESENCE_NOT_RECHECKED,
  /** A page that touches the interrupt range is refused as a whole (D9). */
  INTERRUPT_RANGE_REFUSES_WHOLE_PAGE,
  /** Output in the interrupt range has the scalable reason wherever SMTS is set (D9). */
  INTERRUPT_RANGE_REASON_BY_CAPABILITY,
  /** Register addresses lose the bits above the host address width (D10). */
  REGISTER_ADDRESSES_ARE_CUT,
  /** Pass-through checks neither the address nor the largest AW (D11). */
  PASS_THROUGH_IS_UNCHECKED,
  /**
   * Pass-through takes a device off the unit until its context entry is looked at again (cache).
   */
  PASS_THROUGH_DETACHES_DEVICE,
  /** Leaf bit 11 may be set wherever SMTS is set (D13). */
  SNOOP_BIT_ALLOWED_WITH_SCALABLE_MODE,
  /** Leaf bit 62 may be set with a device-TLB (D13). */
  TRANSIENT_MAPPING_WITH_DEVICE_TLB,
  /** A page-table entry of all ones counts as unreadable. */
  ALL_ONES_ENTRY_IS_UNREADABLE,
  /** A fault of a requester that has a record already is dropped (D14). */
  FAULTS_COLLAPSE_BY_REQUESTER,
  /** The next-record index starts again when translation is switched off. */
  DISABLING_RESETS_RECORD_INDEX,
  /** Of the table mode only the low bit counts, and only with scalable mode (D16). */
  TABLE_MODE_IS_ONE_BIT,
  /** IQA reads back the latched base and the written size (D16). */
  QUEUE_ADDRESS_READS_LATCHED,
  /** The interrupt table address can be set without interrupt remapping (D18). */
  INTERRUPT_TABLE_WITHOUT_REMAPPING,
  /** CFI changes nothing (D18). */
  COMPATIBILITY_SWITCH_IS_DEAD,
  /** A pending fault event is given up on a write to FSTS only (D19). */
  FAULT_EVENT_REVIEWED_ON_STATUS_WRITE_ONLY,
  /** A tail written before the queue is on counts when it is switched on (D20). */
  EARLY_TAIL_IS_PROCESSED,
  /** The queue can be switched off only when it is empty behind a wait descriptor (D21). */
  QUEUE_DISABLE_NEEDS_WAIT,
  /** After a queue error only a tail write resumes (D22). */
  QUEUE_RESUMES_ON_TAIL_WRITE,
  /** Descriptors are checked loosely, and PASID ones do nothing (D23). */
  DESCRIPTORS_LOOSELY_CHECKED,
  /** Descriptors of features that are not there are taken (D23). */
  DESCRIPTORS_NEED_NO_CAPABILITY,
  /** DW without scalable mode is ignored (D24). */
  QUEUE_WIDTH_ERRORS_IGNORED,
  /** A misaligned tail is ignored (D24). */
  MISALIGNED_TAIL_IS_IGNORED,
  /** A misaligned tail is an error even while the queue is off (D24). */
  MISALIGNED_TAIL_STOPS_AN_IDLE_QUEUE,
  /** IQA shows the written DW beside the latched base (D16). */
  QUEUE_WIDTH_READS_BACK,
  /** The page-request event is unmasked after reset (E17). */
  PAGE_EVENT_STARTS_UNMASKED,
  /** The descriptor width follows IQA while the queue runs. */
  QUEUE_WIDTH_IS_NOT_LATCHED,
  /** Interrupt remapping faults are not recorded (D26). */
  INTERRUPT_FAULTS_NOT_RECORDED,
  /** Compatibility interrupts always pass (D27). */
  COMPATIBILITY_INTERRUPTS_PASS,
  /** DMA writes to the interrupt range carry no requester id; reads give zeros (D28). */
  DMA_INTERRUPTS_ARE_ANONYMOUS,
  /** IM of an interrupt entry is ignored, and few reserved bits are checked (D29). */
  INTERRUPT_ENTRIES_LOOSELY_CHECKED,
  /** The bus range of an interrupt entry has its last bus in the upper byte. */
  INTERRUPT_BUS_RANGE_IS_REVERSED,
  /** Domain-selective context invalidation is carried out as global (cache). */
  DOMAIN_CONTEXT_FLUSH_IS_GLOBAL,
  /** Device-selective context invalidation does not compare domain ids (cache). */
  DEVICE_CONTEXT_FLUSH_IGNORES_DOMAIN,
  /** Page-selective invalidation compares the low eight bits of its mask (cache). */
  PAGE_FLUSH_MASK_HAS_EIGHT_BITS,
  /** SRTP and changes of TE empty context cache and IOTLB (cache). */
  TABLE_COMMANDS_EMPTY_CACHES,
  /** Nothing negative is cached even with caching mode (cache). */
  FAULTS_ARE_NEVER_CACHED,
  /** FEUADDR and IEUADDR read zero even with EIM. */
  EVENT_UPPER_ADDRESS_IS_ZERO,
  /** All 32 bits of IEDATA can be written. */
  INVALIDATION_EVENT_DATA_HAS_32_BITS
}
