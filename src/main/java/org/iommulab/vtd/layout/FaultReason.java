package org.iommulab.vtd.layout;

import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused: the fault reasons of the architecture. Legacy mode uses 01 to 0E,
 * interrupt remapping 20 to 29, scalable mode 30 and up. Source: vtd.md 5.1, 5.2.
 */
public enum FaultReason {
  ROOT_NOT_PRESENT(
      0x01,
      "LRT.2",
      "Root entry not present",
      "Nobody set up the bus of this device: its root entry has P = 0.",
      false,
      false),
  CONTEXT_NOT_PRESENT(
      0x02,
      "LCT.2",
      "Context entry not present",
      "This device is attached to no domain: its context entry has P = 0.",
      true,
      false),
  CONTEXT_INVALID(
      0x03,
      "LCT.4",
      "Invalid context entry",
      "The context entry asks for an address width or translation type this unit lacks, "
          + "or its page table is not in memory.",
      true,
      false),
  ADDRESS_BEYOND_WIDTH(
      0x04,
      "LGN.1",
      "Address beyond the guest width",
      "The device used an address wider than its page table or this unit can translate.",
      true,
      false),
  WRITE_DENIED(
      0x05,
      "LGN.2",
      "No write permission",
      "The page is not mapped, or mapped without the right to write.",
      true,
      true),
  READ_DENIED(
      0x06,
      "LGN.3",
      "No read permission",
      "The page is not mapped, or mapped without the right to read.",
      true,
      true),
  TABLE_UNREADABLE(
      0x07,
      "LSS.1",
      "Page-table entry unreadable",
      "An entry points to a lower table that is not in memory.",
      true,
      false),
  ROOT_UNREADABLE(
      0x08,
      "LRT.1",
      "Root entry unreadable",
      "The root table address is not in memory.",
      false,
      false),
  CONTEXT_UNREADABLE(
      0x09,
      "LCT.1",
      "Context entry unreadable",
      "The root entry points to a context table that is not in memory.",
      false,
      false),
  ROOT_RESERVED(
      0x0A,
      "LRT.3",
      "Reserved bits in the root entry",
      "A bit that must be zero is set in the root entry.",
      false,
      false),
  CONTEXT_RESERVED(
      0x0B,
      "LCT.3",
      "Reserved bits in the context entry",
      "A bit that must be zero is set in the context entry.",
      true,
      false),
  TABLE_RESERVED(
      0x0C,
      "LSS.2",
      "Reserved bits in a page-table entry",
      "A bit that must be zero is set in a present page-table entry.",
      true,
      false),
  REQUEST_TYPE_BLOCKED(
      0x0D,
      "LCT.5",
      "Request type blocked",
      "The device asked for a translation, or used a translated address, and its "
          + "context entry does not allow a device-TLB.",
      true,
      false),
  OUTPUT_IN_INTERRUPT_RANGE(
      0x0E,
      "LGN.4",
      "Output in the interrupt range",
      "The translated address lies in FEE00000 to FEEFFFFF, which is for interrupts " + "only.",
      true,
      false),
  INTERRUPT_REQUEST_RESERVED(
      0x20,
      "IR.1",
      "Reserved bits in the interrupt request",
      "The device sent a remappable interrupt with a bit set that must be zero.",
      false,
      false),
  INTERRUPT_INDEX_BEYOND_TABLE(
      0x21,
      "IR.2",
      "Interrupt index beyond the table",
      "The interrupt's index is larger than the remapping table.",
      false,
      false),
  IRTE_NOT_PRESENT(
      0x22,
      "IR.3",
      "Interrupt entry not present",
      "The interrupt's table entry has P = 0.",
      true,
      false),
  IRTE_UNREADABLE(
      0x23,
      "IR.4",
      "Interrupt entry unreadable",
      "The interrupt remapping table is not in memory.",
      false,
      false),
  IRTE_RESERVED(
      0x24,
      "IR.5",
      "Reserved bits in the interrupt entry",
      "A bit that must be zero is set in the interrupt's table entry.",
      true,
      false),
  COMPATIBILITY_INTERRUPT_BLOCKED(
      0x25,
      "IR.6",
      "Compatibility interrupt blocked",
      "The device sent an old-style interrupt while only remapped ones are allowed.",
      false,
      false),
  INTERRUPT_SOURCE_REJECTED(
      0x26,
      "IR.7",
      "Interrupt source rejected",
      "The table entry belongs to another device than the one that sent the interrupt.",
      true,
      false),
  POSTED_DESCRIPTOR_UNREADABLE(
      0x27,
      "IR.8",
      "Posted descriptor unreachable",
      "The posted-interrupt descriptor is not in memory.",
      true,
      false),
  POSTED_DESCRIPTOR_RESERVED(
      0x28,
      "IR.9",
      "Reserved bits in the posted descriptor",
      "A bit that must be zero is set in the posted-interrupt descriptor.",
      true,
      false),
  NOT_AN_INTERRUPT(
      0x29,
      "IR.10",
      "Not a legal interrupt request",
      "The device accessed FEE00000 to FEEFFFFF with something other than a four-byte " + "write.",
      false,
      false),
  TABLE_MODE_INVALID(
      0x30,
      "RTA.1",
      "Translation table mode invalid",
      "The root table address register names a mode that is reserved or that this unit " + "lacks.",
      false,
      false),
  PASID_IN_LEGACY_MODE(
      0x31,
      "RTA.2",
      "Request with PASID in legacy mode",
      "The device sent a PASID, and legacy mode knows none.",
      false,
      false),
  PAGE_REQUEST_IN_LEGACY_MODE(
      0x32,
      "RTA.3",
      "Page request in legacy mode",
      "The device asked for a page, and legacy mode has no page requests.",
      false,
      false),
  ABORTED(
      0x33,
      "RTA.4",
      "Aborted by the table mode",
      "All DMA is aborted by the table mode; whether hardware records this is not " + "public.",
      false,
      false),
  SCALABLE_ROOT_UNREADABLE(
      0x38,
      "SRT.1",
      "Scalable root entry unreadable",
      "The root table address is not in memory.",
      false,
      false),
  SCALABLE_ROOT_NOT_PRESENT(
      0x39,
      "SRT.2",
      "Scalable root entry not present",
      "Nobody set up this half of the bus: the present bit of its root entry is 0.",
      false,
      false),
  SCALABLE_ROOT_RESERVED(
      0x3A,
      "SRT.3",
      "Reserved bits in the scalable root entry",
      "A bit that must be zero is set in the root entry.",
      false,
      false),
  SCALABLE_CONTEXT_UNREADABLE(
      0x40,
      "SCT.1",
      "Scalable context entry unreadable",
      "The root entry points to a context table that is not in memory.",
      false,
      false),
  SCALABLE_CONTEXT_NOT_PRESENT(
      0x41,
      "SCT.2",
      "Scalable context entry not present",
      "This device is attached to nothing: its context entry has P = 0.",
      true,
      false),
  SCALABLE_CONTEXT_RESERVED(
      0x42,
      "SCT.3",
      "Reserved bits in the scalable context entry",
      "A bit that must be zero is set in the context entry.",
      true,
      false),
  SCALABLE_CONTEXT_INVALID(
      0x43,
      "SCT.4",
      "Invalid scalable context entry",
      "The context entry asks for something this unit lacks.",
      true,
      false),
  DEVICE_TLB_NOT_ENABLED(
      0x44,
      "SCT.5",
      "Device-TLB not enabled",
      "The device asked for a translation, or used a translated address, and DTE = 0.",
      true,
      false),
  PASID_NOT_ENABLED(
      0x45,
      "SCT.6",
      "PASID not enabled",
      "The device sent a PASID, and PASIDE = 0 in its context entry.",
      true,
      false),
  PASID_BEYOND_DIRECTORY(
      0x46,
      "SCT.7",
      "PASID beyond the directory",
      "The device's PASID is larger than its PASID directory.",
      true,
      false),
  PAGE_REQUEST_NOT_ENABLED(
      0x47,
      "SCT.8",
      "Page request not enabled",
      "The device asked for a page, and PRE = 0 in its context entry.",
      true,
      false),
  RID_PASID_BEYOND_DIRECTORY(
      0x48,
      "SCT.9",
      "RID_PASID beyond the directory",
      "The PASID for requests without one is larger than the PASID directory.",
      true,
      false),
  PASID_DIRECTORY_UNREADABLE(
      0x50,
      "SPD.1",
      "PASID directory entry unreadable",
      "The PASID directory is not in memory.",
      true,
      false),
  PASID_DIRECTORY_NOT_PRESENT(
      0x51,
      "SPD.2",
      "PASID directory entry not present",
      "No PASID table exists for this PASID.",
      true,
      false),
  PASID_DIRECTORY_RESERVED(
      0x52,
      "SPD.3",
      "Reserved bits in the PASID directory entry",
      "A bit that must be zero is set in the PASID directory entry.",
      true,
      false),
  PASID_ENTRY_UNREADABLE(
      0x58, "SPT.1", "PASID entry unreadable", "The PASID table is not in memory.", true, false),
  PASID_ENTRY_NOT_PRESENT(
      0x59,
      "SPT.2",
      "PASID entry not present",
      "Nothing is attached under this PASID.",
      true,
      false),
  PASID_ENTRY_RESERVED(
      0x5A,
      "SPT.3",
      "Reserved bits in the PASID entry",
      "A bit that must be zero is set in the PASID entry.",
      true,
      false),
  PASID_ENTRY_INVALID(
      0x5B,
      "SPT.4",
      "Invalid PASID entry",
      "The PASID entry asks for a translation type, width or depth this unit lacks.",
      true,
      false),
  EXECUTE_NOT_ENABLED(
      0x5C,
      "SPT.5",
      "Execute requests not enabled",
      "The device wants to execute, and ERE = 0.",
      true,
      false),
  SUPERVISOR_NOT_ENABLED(
      0x5D,
      "SPT.6",
      "Supervisor requests not enabled",
      "The device made a privileged request, and SRE = 0.",
      true,
      false),
  FIRST_STAGE_UNREADABLE(
      0x70,
      "SFS.1",
      "First-stage entry unreadable",
      "A first-stage entry points to a table that is not in memory.",
      true,
      false),
  FIRST_STAGE_NOT_PRESENT(
      0x71,
      "SFS.2",
      "First-stage entry not present",
      "The page is not mapped in the first stage.",
      true,
      true),
  FIRST_STAGE_RESERVED(
      0x72,
      "SFS.3",
      "Reserved bits in a first-stage entry",
      "A bit that must be zero is set in a first-stage entry.",
      true,
      false),
  FIRST_STAGE_TOP_UNREADABLE(
      0x73,
      "SFS.4",
      "Top first-stage table unreadable",
      "The PASID entry points to a first-stage table that is not in memory.",
      true,
      false),
  FIRST_STAGE_TABLE_BEYOND_SECOND(
      0x74,
      "SFS.5",
      "First-stage table beyond the second stage",
      "A first-stage table's guest address is wider than the second stage translates.",
      true,
      false),
  TOP_TABLE_READ_DENIED(
      0x75,
      "SFS.6",
      "Second stage hides the top first-stage table",
      "The second stage gives no right to read the top first-stage table.",
      true,
      true),
  LOWER_TABLE_READ_DENIED(
      0x76,
      "SFS.7",
      "Second stage hides a first-stage table",
      "The second stage gives no right to read a lower first-stage table.",
      true,
      true),
  TABLE_UPDATE_DENIED(
      0x77,
      "SFS.8",
      "Second stage protects a first-stage table",
      "Accessed or dirty bits cannot be set: the second stage gives no right to write "
          + "the table.",
      true,
      true),
  SECOND_STAGE_UNREADABLE(
      0x78,
      "SSS.1",
      "Second-stage entry unreadable",
      "A second-stage entry points to a table that is not in memory.",
      true,
      false),
  SECOND_STAGE_NOT_PRESENT(
      0x79,
      "SSS.2",
      "Second-stage entry not present",
      "The page is not mapped: a second-stage entry allows neither reads nor writes.",
      true,
      true),
  SECOND_STAGE_RESERVED(
      0x7A,
      "SSS.3",
      "Reserved bits in a second-stage entry",
      "A bit that must be zero is set in a second-stage entry.",
      true,
      false),
  SECOND_STAGE_TOP_UNREADABLE(
      0x7B,
      "SSS.4",
      "Top second-stage table unreadable",
      "The PASID entry points to a second-stage table that is not in memory.",
      true,
      false),
  SECOND_STAGE_UPDATE_NOT_SNOOPED(
      0x7C,
      "SSS.5",
      "Second-stage update not snooped",
      "Accessed or dirty bits must be set, and page walks do not snoop.",
      true,
      false),
  SECOND_STAGE_UPDATE_FAILED(
      0x7D,
      "SSS.6",
      "Second-stage update failed",
      "Accessed or dirty bits could not be written.",
      true,
      false),
  NOT_CANONICAL(
      0x80,
      "SGN.1",
      "Address not canonical",
      "The upper bits of a first-stage address must all equal its sign bit.",
      true,
      false),
  USER_DENIED(
      0x81,
      "SGN.2",
      "No user access",
      "A user request hit a page that only supervisor requests may use.",
      true,
      true),
  EXECUTE_DENIED(
      0x82, "SGN.3", "No execute permission", "The page must not be executed.", true, true),
  UNTRANSLATED_BEYOND_WIDTH(
      0x83,
      "SGN.4",
      "Address beyond the host width",
      "A pass-through or translated address is wider than this unit handles.",
      true,
      false),
  SECOND_STAGE_BEYOND_WIDTH(
      0x84,
      "SGN.5",
      "Address beyond the second-stage width",
      "The device used an address wider than its page table or this unit can translate.",
      true,
      false),
  SCALABLE_WRITE_DENIED(
      0x85,
      "SGN.6",
      "No write permission",
      "The page is mapped without the right to write.",
      true,
      true),
  SCALABLE_READ_DENIED(
      0x86,
      "SGN.7",
      "No read permission",
      "The page is mapped without the right to read.",
      true,
      true),
  SCALABLE_OUTPUT_IN_INTERRUPT_RANGE(
      0x87,
      "SGN.8",
      "Output in the interrupt range",
      "The translated address lies in FEE00000 to FEEFFFFF, which is for interrupts " + "only.",
      true,
      false),
  FIRST_STAGE_UPDATE_NOT_SNOOPED(
      0x90,
      "SFS.9",
      "First-stage update not snooped",
      "Accessed or dirty bits must be set, and page walks do not snoop.",
      true,
      false),
  FIRST_STAGE_UPDATE_FAILED(
      0x91,
      "SFS.10",
      "First-stage update failed",
      "Accessed or dirty bits could not be written.",
      true,
      false);

  private static final FaultReason[] BY_CODE = new FaultReason[256];

  static {
    for (FaultReason reason : values()) {
      BY_CODE[reason.code] = reason;
    }
  }

  private final int code;
  private final String id;
  private final String text;
  private final String cause;
  private final boolean qualified;
  private final boolean recoverable;

  FaultReason(
      int code, String id, String text, String cause, boolean qualified, boolean recoverable) {
    this.code = code;
    this.id = id;
    this.text = text;
    this.cause = cause;
    this.qualified = qualified;
    this.recoverable = recoverable;
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
    return text;
  }

  /** One sentence: what went wrong, in plain words. */
  public String cause() {
    return cause;
  }

  /** Tells whether a set FPD bit on the way keeps the fault from being recorded. */
  public boolean isQualified() {
    return qualified;
  }

  /** Tells whether a translation request may get past it by a page request. */
  public boolean isRecoverable() {
    return recoverable;
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
