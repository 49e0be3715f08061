package org.iommulab.vtd.layout;

import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused: the fault reasons of the architecture. Legacy mode uses 01 to 0E,
 * interrupt remapping 20 to 29, scalable mode 30 and up. Source: vtd.md 5.1, 5.2.
 */
public enum FaultReason {
  ROOT_NOT_PRESENT(0x01, "LRT.2", Kind.ALWAYS),
  CONTEXT_NOT_PRESENT(0x02, "LCT.2", Kind.QUALIFIED),
  CONTEXT_INVALID(0x03, "LCT.4", Kind.QUALIFIED),
  ADDRESS_BEYOND_WIDTH(0x04, "LGN.1", Kind.QUALIFIED),
  WRITE_DENIED(0x05, "LGN.2", Kind.RECOVERABLE),
  READ_DENIED(0x06, "LGN.3", Kind.RECOVERABLE),
  TABLE_UNREADABLE(0x07, "LSS.1", Kind.QUALIFIED),
  ROOT_UNREADABLE(0x08, "LRT.1", Kind.ALWAYS),
  CONTEXT_UNREADABLE(0x09, "LCT.1", Kind.ALWAYS),
  ROOT_RESERVED(0x0A, "LRT.3", Kind.ALWAYS),
  CONTEXT_RESERVED(0x0B, "LCT.3", Kind.QUALIFIED),
  TABLE_RESERVED(0x0C, "LSS.2", Kind.QUALIFIED),
  REQUEST_TYPE_BLOCKED(0x0D, "LCT.5", Kind.QUALIFIED),
  OUTPUT_IN_INTERRUPT_RANGE(0x0E, "LGN.4", Kind.QUALIFIED),
  INTERRUPT_REQUEST_RESERVED(0x20, "IR.1", Kind.ALWAYS),
  INTERRUPT_INDEX_BEYOND_TABLE(0x21, "IR.2", Kind.ALWAYS),
  IRTE_NOT_PRESENT(0x22, "IR.3", Kind.QUALIFIED),
  IRTE_UNREADABLE(0x23, "IR.4", Kind.ALWAYS),
  IRTE_RESERVED(0x24, "IR.5", Kind.QUALIFIED),
  COMPATIBILITY_INTERRUPT_BLOCKED(0x25, "IR.6", Kind.ALWAYS),
  INTERRUPT_SOURCE_REJECTED(0x26, "IR.7", Kind.QUALIFIED),
  POSTED_DESCRIPTOR_UNREADABLE(0x27, "IR.8", Kind.QUALIFIED),
  POSTED_DESCRIPTOR_RESERVED(0x28, "IR.9", Kind.QUALIFIED),
  NOT_AN_INTERRUPT(0x29, "IR.10", Kind.ALWAYS),
  TABLE_MODE_INVALID(0x30, "RTA.1", Kind.ALWAYS),
  PASID_IN_LEGACY_MODE(0x31, "RTA.2", Kind.ALWAYS),
  PAGE_REQUEST_IN_LEGACY_MODE(0x32, "RTA.3", Kind.ALWAYS),
  ABORTED(0x33, "RTA.4", Kind.ALWAYS),
  SCALABLE_ROOT_UNREADABLE(0x38, "SRT.1", Kind.ALWAYS),
  SCALABLE_ROOT_NOT_PRESENT(0x39, "SRT.2", Kind.ALWAYS),
  SCALABLE_ROOT_RESERVED(0x3A, "SRT.3", Kind.ALWAYS),
  SCALABLE_CONTEXT_UNREADABLE(0x40, "SCT.1", Kind.ALWAYS),
  SCALABLE_CONTEXT_NOT_PRESENT(0x41, "SCT.2", Kind.QUALIFIED),
  SCALABLE_CONTEXT_RESERVED(0x42, "SCT.3", Kind.QUALIFIED),
  SCALABLE_CONTEXT_INVALID(0x43, "SCT.4", Kind.QUALIFIED),
  DEVICE_TLB_NOT_ENABLED(0x44, "SCT.5", Kind.QUALIFIED),
  PASID_NOT_ENABLED(0x45, "SCT.6", Kind.QUALIFIED),
  PASID_BEYOND_DIRECTORY(0x46, "SCT.7", Kind.QUALIFIED),
  PAGE_REQUEST_NOT_ENABLED(0x47, "SCT.8", Kind.QUALIFIED),
  RID_PASID_BEYOND_DIRECTORY(0x48, "SCT.9", Kind.QUALIFIED),
  PASID_DIRECTORY_UNREADABLE(0x50, "SPD.1", Kind.QUALIFIED),
  PASID_DIRECTORY_NOT_PRESENT(0x51, "SPD.2", Kind.QUALIFIED),
  PASID_DIRECTORY_RESERVED(0x52, "SPD.3", Kind.QUALIFIED),
  PASID_ENTRY_UNREADABLE(0x58, "SPT.1", Kind.QUALIFIED),
  PASID_ENTRY_NOT_PRESENT(0x59, "SPT.2", Kind.QUALIFIED),
  PASID_ENTRY_RESERVED(0x5A, "SPT.3", Kind.QUALIFIED),
  PASID_ENTRY_INVALID(0x5B, "SPT.4", Kind.QUALIFIED),
  EXECUTE_NOT_ENABLED(0x5C, "SPT.5", Kind.QUALIFIED),
  SUPERVISOR_NOT_ENABLED(0x5D, "SPT.6", Kind.QUALIFIED),
  FIRST_STAGE_UNREADABLE(0x70, "SFS.1", Kind.QUALIFIED),
  FIRST_STAGE_NOT_PRESENT(0x71, "SFS.2", Kind.RECOVERABLE),
  FIRST_STAGE_RESERVED(0x72, "SFS.3", Kind.QUALIFIED),
  FIRST_STAGE_TOP_UNREADABLE(0x73, "SFS.4", Kind.QUALIFIED),
  FIRST_STAGE_TABLE_BEYOND_SECOND(0x74, "SFS.5", Kind.QUALIFIED),
  TOP_TABLE_READ_DENIED(0x75, "SFS.6", Kind.RECOVERABLE),
  LOWER_TABLE_READ_DENIED(0x76, "SFS.7", Kind.RECOVERABLE),
  TABLE_UPDATE_DENIED(0x77, "SFS.8", Kind.RECOVERABLE),
  SECOND_STAGE_UNREADABLE(0x78, "SSS.1", Kind.QUALIFIED),
  SECOND_STAGE_NOT_PRESENT(0x79, "SSS.2", Kind.RECOVERABLE),
  SECOND_STAGE_RESERVED(0x7A, "SSS.3", Kind.QUALIFIED),
  SECOND_STAGE_TOP_UNREADABLE(0x7B, "SSS.4", Kind.QUALIFIED),
  SECOND_STAGE_UPDATE_NOT_SNOOPED(0x7C, "SSS.5", Kind.QUALIFIED),
  SECOND_STAGE_UPDATE_FAILED(0x7D, "SSS.6", Kind.QUALIFIED),
  NOT_CANONICAL(0x80, "SGN.1", Kind.QUALIFIED),
  USER_DENIED(0x81, "SGN.2", Kind.RECOVERABLE),
  EXECUTE_DENIED(0x82, "SGN.3", Kind.RECOVERABLE),
  UNTRANSLATED_BEYOND_WIDTH(0x83, "SGN.4", Kind.QUALIFIED),
  SECOND_STAGE_BEYOND_WIDTH(0x84, "SGN.5", Kind.QUALIFIED),
  SCALABLE_WRITE_DENIED(0x85, "SGN.6", Kind.RECOVERABLE),
  SCALABLE_READ_DENIED(0x86, "SGN.7", Kind.RECOVERABLE),
  SCALABLE_OUTPUT_IN_INTERRUPT_RANGE(0x87, "SGN.8", Kind.QUALIFIED),
  FIRST_STAGE_UPDATE_NOT_SNOOPED(0x90, "SFS.9", Kind.QUALIFIED),
  FIRST_STAGE_UPDATE_FAILED(0x91, "SFS.10", Kind.QUALIFIED);

  /** How a fault is treated. */
  private enum Kind {
    /** Recorded whatever FPD says. */
    ALWAYS,
    /** Not recorded if an FPD bit on the way is set. */
    QUALIFIED,
    /** As {@link #QUALIFIED}; a translation request may get past it by a page request. */
    RECOVERABLE
  }

  private static final FaultReason[] BY_CODE = new FaultReason[256];

  static {
    for (FaultReason reason : values()) {
      BY_CODE[reason.code] = reason;
    }
  }

  private final int code;
  private final String id;
  private final Kind kind;

  FaultReason(int code, String id, Kind kind) {
    this.code = code;
    this.id = id;
    this.kind = kind;
  }

  /** The number in the fault record. */
  public int code() {
    return code;
  }

  /** The specification's condition id, such as {@code LCT.2}; {@code IR.n} for interrupts. */
  public String id() {
    return id;
  }

  /** A short name for a person. */
  public String text() {
    return FaultTexts.of(this).title();
  }

  /** One sentence: what went wrong, in plain words. */
  public String cause() {
    return FaultTexts.of(this).cause();
  }

  /** Tells whether a set FPD bit on the way keeps the fault from being recorded. */
  public boolean isQualified() {
    return kind != Kind.ALWAYS;
  }

  /** Tells whether a translation request may get past it by a page request. */
  public boolean isRecoverable() {
    return kind == Kind.RECOVERABLE;
  }

  /** Tells whether interrupt remapping reports it: the record then holds an interrupt index. */
  public boolean isInterrupt() {
    return code >= 0x20 && code < 0x30;
  }

  /** The reason with that number, or null if the architecture gives it no public meaning. */
  public static @Nullable FaultReason of(int code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
