package org.iommulab.vtd.layout;

/** What fault reasons mean, in words for people. */
final class FaultTexts {

  /**
   * The words for one reason.
   *
   * @param title a short name
   * @param cause one sentence: what went wrong
   */
  record Text(String title, String cause) {}

  static Text of(FaultReason reason) {
    return switch (reason) {
      case ROOT_NOT_PRESENT ->
          new Text(
              "Root entry not present",
              "Nobody set up the bus of this device: its root entry has P = 0.");
      case CONTEXT_NOT_PRESENT ->
          new Text(
              "Context entry not present",
              "This device is attached to no domain: its context entry has P = 0.");
      case CONTEXT_INVALID ->
          new Text(
              "Invalid context entry",
              "The context entry asks for an address width or translation type this unit "
                  + "lacks, or its page table is not in memory.");
      case ADDRESS_BEYOND_WIDTH ->
          new Text(
              "Address beyond the guest width",
              "The device used an address wider than its page table or this unit can "
                  + "translate.");
      case WRITE_DENIED ->
          new Text(
              "No write permission",
              "The page is not mapped, or mapped without the right to write.");
      case READ_DENIED ->
          new Text(
              "No read permission", "The page is not mapped, or mapped without the right to read.");
      case TABLE_UNREADABLE ->
          new Text(
              "Page-table entry unreadable",
              "An entry points to a lower table that is not in memory.");
      case ROOT_UNREADABLE ->
          new Text("Root entry unreadable", "The root table address is not in memory.");
      case CONTEXT_UNREADABLE ->
          new Text(
              "Context entry unreadable",
              "The root entry points to a context table that is not in memory.");
      case ROOT_RESERVED ->
          new Text(
              "Reserved bits in the root entry",
              "A bit that must be zero is set in the root entry.");
      case CONTEXT_RESERVED ->
          new Text(
              "Reserved bits in the context entry",
              "A bit that must be zero is set in the context entry.");
      case TABLE_RESERVED ->
          new Text(
              "Reserved bits in a page-table entry",
              "A bit that must be zero is set in a present page-table entry.");
      case REQUEST_TYPE_BLOCKED ->
          new Text(
              "Request type blocked",
              "The device asked for a translation, or used a translated address, and its "
                  + "context entry does not allow a device-TLB.");
      case OUTPUT_IN_INTERRUPT_RANGE ->
          new Text(
              "Output in the interrupt range",
              "The translated address lies in FEE00000 to FEEFFFFF, which is for interrupts "
                  + "only.");
      case INTERRUPT_REQUEST_RESERVED ->
          new Text(
              "Reserved bits in the interrupt request",
              "The device sent a remappable interrupt with a bit set that must be zero.");
      case INTERRUPT_INDEX_BEYOND_TABLE ->
          new Text(
              "Interrupt index beyond the table",
              "The interrupt's index is larger than the remapping table.");
      case IRTE_NOT_PRESENT ->
          new Text("Interrupt entry not present", "The interrupt's table entry has P = 0.");
      case IRTE_UNREADABLE ->
          new Text("Interrupt entry unreadable", "The interrupt remapping table is not in memory.");
      case IRTE_RESERVED ->
          new Text(
              "Reserved bits in the interrupt entry",
              "A bit that must be zero is set in the interrupt's table entry.");
      case COMPATIBILITY_INTERRUPT_BLOCKED ->
          new Text(
              "Compatibility interrupt blocked",
              "The device sent an old-style interrupt while only remapped ones are allowed.");
      case INTERRUPT_SOURCE_REJECTED ->
          new Text(
              "Interrupt source rejected",
              "The table entry belongs to another device than the one that sent the "
                  + "interrupt.");
      case POSTED_DESCRIPTOR_UNREADABLE ->
          new Text(
              "Posted descriptor unreachable", "The posted-interrupt descriptor is not in memory.");
      case POSTED_DESCRIPTOR_RESERVED ->
          new Text(
              "Reserved bits in the posted descriptor",
              "A bit that must be zero is set in the posted-interrupt descriptor.");
      case NOT_AN_INTERRUPT ->
          new Text(
              "Not a legal interrupt request",
              "The device accessed FEE00000 to FEEFFFFF with something other than a four-byte"
                  + " write.");
      case TABLE_MODE_INVALID ->
          new Text(
              "Translation table mode invalid",
              "The root table address register names a mode that is reserved or that this "
                  + "unit lacks.");
      case PASID_IN_LEGACY_MODE ->
          new Text(
              "Request with PASID in legacy mode",
              "The device sent a PASID, and legacy mode knows none.");
      case PAGE_REQUEST_IN_LEGACY_MODE ->
          new Text(
              "Page request in legacy mode",
              "The device asked for a page, and legacy mode has no page requests.");
      case ABORTED ->
          new Text(
              "Aborted by the table mode",
              "All DMA is aborted by the table mode; whether hardware records this is not "
                  + "public.");
      case SCALABLE_ROOT_UNREADABLE ->
          new Text("Scalable root entry unreadable", "The root table address is not in memory.");
      case SCALABLE_ROOT_NOT_PRESENT ->
          new Text(
              "Scalable root entry not present",
              "Nobody set up this half of the bus: the present bit of its root entry is 0.");
      case SCALABLE_ROOT_RESERVED ->
          new Text(
              "Reserved bits in the scalable root entry",
              "A bit that must be zero is set in the root entry.");
      case SCALABLE_CONTEXT_UNREADABLE ->
          new Text(
              "Scalable context entry unreadable",
              "The root entry points to a context table that is not in memory.");
      case SCALABLE_CONTEXT_NOT_PRESENT ->
          new Text(
              "Scalable context entry not present",
              "This device is attached to nothing: its context entry has P = 0.");
      case SCALABLE_CONTEXT_RESERVED ->
          new Text(
              "Reserved bits in the scalable context entry",
              "A bit that must be zero is set in the context entry.");
      case SCALABLE_CONTEXT_INVALID ->
          new Text(
              "Invalid scalable context entry",
              "The context entry asks for something this unit lacks.");
      case DEVICE_TLB_NOT_ENABLED ->
          new Text(
              "Device-TLB not enabled",
              "The device asked for a translation, or used a translated address, and DTE = 0.");
      case PASID_NOT_ENABLED ->
          new Text(
              "PASID not enabled", "The device sent a PASID, and PASIDE = 0 in its context entry.");
      case PASID_BEYOND_DIRECTORY ->
          new Text(
              "PASID beyond the directory",
              "The device's PASID is larger than its PASID directory.");
      case PAGE_REQUEST_NOT_ENABLED ->
          new Text(
              "Page request not enabled",
              "The device asked for a page, and PRE = 0 in its context entry.");
      case RID_PASID_BEYOND_DIRECTORY ->
          new Text(
              "RID_PASID beyond the directory",
              "The PASID for requests without one is larger than the PASID directory.");
      case PASID_DIRECTORY_UNREADABLE ->
          new Text("PASID directory entry unreadable", "The PASID directory is not in memory.");
      case PASID_DIRECTORY_NOT_PRESENT ->
          new Text("PASID directory entry not present", "No PASID table exists for this PASID.");
      case PASID_DIRECTORY_RESERVED ->
          new Text(
              "Reserved bits in the PASID directory entry",
              "A bit that must be zero is set in the PASID directory entry.");
      case PASID_ENTRY_UNREADABLE ->
          new Text("PASID entry unreadable", "The PASID table is not in memory.");
      case PASID_ENTRY_NOT_PRESENT ->
          new Text("PASID entry not present", "Nothing is attached under this PASID.");
      case PASID_ENTRY_RESERVED ->
          new Text(
              "Reserved bits in the PASID entry",
              "A bit that must be zero is set in the PASID entry.");
      case PASID_ENTRY_INVALID ->
          new Text(
              "Invalid PASID entry",
              "The PASID entry asks for a translation type, width or depth this unit lacks.");
      case EXECUTE_NOT_ENABLED ->
          new Text("Execute requests not enabled", "The device wants to execute, and ERE = 0.");
      case SUPERVISOR_NOT_ENABLED ->
          new Text(
              "Supervisor requests not enabled",
              "The device made a privileged request, and SRE = 0.");
      case FIRST_STAGE_UNREADABLE ->
          new Text(
              "First-stage entry unreadable",
              "A first-stage entry points to a table that is not in memory.");
      case FIRST_STAGE_NOT_PRESENT ->
          new Text("First-stage entry not present", "The page is not mapped in the first stage.");
      case FIRST_STAGE_RESERVED ->
          new Text(
              "Reserved bits in a first-stage entry",
              "A bit that must be zero is set in a first-stage entry.");
      case FIRST_STAGE_TOP_UNREADABLE ->
          new Text(
              "Top first-stage table unreadable",
              "The PASID entry points to a first-stage table that is not in memory.");
      case FIRST_STAGE_TABLE_BEYOND_SECOND ->
          new Text(
              "First-stage table beyond the second stage",
              "A first-stage table's guest address is wider than the second stage translates.");
      case TOP_TABLE_READ_DENIED ->
          new Text(
              "Second stage hides the top first-stage table",
              "The second stage gives no right to read the top first-stage table.");
      case LOWER_TABLE_READ_DENIED ->
          new Text(
              "Second stage hides a first-stage table",
              "The second stage gives no right to read a lower first-stage table.");
      case TABLE_UPDATE_DENIED ->
          new Text(
              "Second stage protects a first-stage table",
              "Accessed or dirty bits cannot be set: the second stage gives no right to write"
                  + " the table.");
      case SECOND_STAGE_UNREADABLE ->
          new Text(
              "Second-stage entry unreadable",
              "A second-stage entry points to a table that is not in memory.");
      case SECOND_STAGE_NOT_PRESENT ->
          new Text(
              "Second-stage entry not present",
              "The page is not mapped: a second-stage entry allows neither reads nor writes.");
      case SECOND_STAGE_RESERVED ->
          new Text(
              "Reserved bits in a second-stage entry",
              "A bit that must be zero is set in a second-stage entry.");
      case SECOND_STAGE_TOP_UNREADABLE ->
          new Text(
              "Top second-stage table unreadable",
              "The PASID entry points to a second-stage table that is not in memory.");
      case SECOND_STAGE_UPDATE_NOT_SNOOPED ->
          new Text(
              "Second-stage update not snooped",
              "Accessed or dirty bits must be set, and page walks do not snoop.");
      case SECOND_STAGE_UPDATE_FAILED ->
          new Text("Second-stage update failed", "Accessed or dirty bits could not be written.");
      case NOT_CANONICAL ->
          new Text(
              "Address not canonical",
              "The upper bits of a first-stage address must all equal its sign bit.");
      case USER_DENIED ->
          new Text(
              "No user access", "A user request hit a page that only supervisor requests may use.");
      case EXECUTE_DENIED -> new Text("No execute permission", "The page must not be executed.");
      case UNTRANSLATED_BEYOND_WIDTH ->
          new Text(
              "Address beyond the host width",
              "A pass-through or translated address is wider than this unit handles.");
      case SECOND_STAGE_BEYOND_WIDTH ->
          new Text(
              "Address beyond the second-stage width",
              "The device used an address wider than its page table or this unit can "
                  + "translate.");
      case SCALABLE_WRITE_DENIED ->
          new Text("No write permission", "The page is mapped without the right to write.");
      case SCALABLE_READ_DENIED ->
          new Text("No read permission", "The page is mapped without the right to read.");
      case SCALABLE_OUTPUT_IN_INTERRUPT_RANGE ->
          new Text(
              "Output in the interrupt range",
              "The translated address lies in FEE00000 to FEEFFFFF, which is for interrupts "
                  + "only.");
      case FIRST_STAGE_UPDATE_NOT_SNOOPED ->
          new Text(
              "First-stage update not snooped",
              "Accessed or dirty bits must be set, and page walks do not snoop.");
      case FIRST_STAGE_UPDATE_FAILED ->
          new Text("First-stage update failed", "Accessed or dirty bits could not be written.");
    };
  }

  private FaultTexts() {}
}
