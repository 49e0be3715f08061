package org.iommulab.linux.intel;

import java.util.Map;

/**
 * What kernel logs say for each fault code, word for word, so that people can search for it.
 * Explanations are in {@link org.iommulab.vtd.layout.FaultReason}.
 */
public final class DmarFaultReasons {

  private static final Map<Integer, String> WORDS =
      Map.<Integer, String>ofEntries(
          Map.entry(0x01, "Present bit in root entry is clear"),
          Map.entry(0x02, "Present bit in context entry is clear"),
          Map.entry(0x03, "Invalid context entry"),
          Map.entry(0x04, "Access beyond MGAW"),
          Map.entry(0x05, "PTE Write access is not set"),
          Map.entry(0x06, "PTE Read access is not set"),
          Map.entry(0x07, "Next page table ptr is invalid"),
          Map.entry(0x08, "Root table address invalid"),
          Map.entry(0x09, "Context table ptr is invalid"),
          Map.entry(0x0A, "non-zero reserved fields in RTP"),
          Map.entry(0x0B, "non-zero reserved fields in CTP"),
          Map.entry(0x0C, "non-zero reserved fields in PTE"),
          Map.entry(0x0D, "PCE for translation request specifies blocking"),
          Map.entry(0x20, "Detected reserved fields in the decoded interrupt-remapped request"),
          Map.entry(0x21, "Interrupt index exceeded the interrupt-remapping table size"),
          Map.entry(0x22, "Present field in the IRTE entry is clear"),
          Map.entry(0x23, "Error accessing interrupt-remapping table pointed by IRTA_REG"),
          Map.entry(0x24, "Detected reserved fields in the IRTE entry"),
          Map.entry(0x25, "Blocked a compatibility format interrupt request"),
          Map.entry(0x26, "Blocked an interrupt request due to source-id verification failure"),
          Map.entry(0x30, "SM: Invalid Root Table Address"),
          Map.entry(0x31, "SM: TTM 0 for request with PASID"),
          Map.entry(0x32, "SM: TTM 0 for page group request"),
          Map.entry(0x38, "SM: Error attempting to access Root Entry"),
          Map.entry(0x39, "SM: Present bit in Root Entry is clear"),
          Map.entry(0x3A, "SM: Non-zero reserved field set in Root Entry"),
          Map.entry(0x40, "SM: Error attempting to access Context Entry"),
          Map.entry(0x41, "SM: Present bit in Context Entry is clear"),
          Map.entry(0x42, "SM: Non-zero reserved field set in the Context Entry"),
          Map.entry(0x43, "SM: Invalid Context Entry"),
          Map.entry(0x44, "SM: DTE field in Context Entry is clear"),
          Map.entry(0x45, "SM: PASID Enable field in Context Entry is clear"),
          Map.entry(0x46, "SM: PASID is larger than the max in Context Entry"),
          Map.entry(0x47, "SM: PRE field in Context-Entry is clear"),
          Map.entry(0x48, "SM: RID_PASID field error in Context-Entry"),
          Map.entry(0x50, "SM: Error attempting to access the PASID Directory Entry"),
          Map.entry(0x51, "SM: Present bit in Directory Entry is clear"),
          Map.entry(0x52, "SM: Non-zero reserved field set in PASID Directory Entry"),
          Map.entry(0x58, "SM: Error attempting to access PASID Table Entry"),
          Map.entry(0x59, "SM: Present bit in PASID Table Entry is clear"),
          Map.entry(0x5A, "SM: Non-zero reserved field set in PASID Table Entry"),
          Map.entry(0x5B, "SM: Invalid Scalable-Mode PASID Table Entry"),
          Map.entry(0x5C, "SM: ERE field is clear in PASID Table Entry"),
          Map.entry(0x5D, "SM: SRE field is clear in PASID Table Entry"),
          Map.entry(0x70, "SM: Error attempting to access first-level paging entry"),
          Map.entry(0x71, "SM: Present bit in first-level paging entry is clear"),
          Map.entry(0x72, "SM: Non-zero reserved field set in first-level paging entry"),
          Map.entry(0x73, "SM: Error attempting to access FL-PML4 entry"),
          Map.entry(0x74, "SM: First-level entry address beyond MGAW in Nested translation"),
          Map.entry(0x75, "SM: Read permission error in FL-PML4 entry in Nested translation"),
          Map.entry(
              0x76, "SM: Read permission error in first-level paging entry in Nested translation"),
          Map.entry(
              0x77, "SM: Write permission error in first-level paging entry in Nested translation"),
          Map.entry(0x78, "SM: Error attempting to access second-level paging entry"),
          Map.entry(0x79, "SM: Read/Write permission error in second-level paging entry"),
          Map.entry(0x7A, "SM: Non-zero reserved field set in second-level paging entry"),
          Map.entry(0x7B, "SM: Invalid second-level page table pointer"),
          Map.entry(
              0x7C, "SM: A/D bit update needed in second-level entry when set up in no snoop"),
          Map.entry(0x80, "SM: Address in first-level translation is not canonical"),
          Map.entry(0x81, "SM: U/S set 0 for first-level translation with user privilege"),
          Map.entry(0x82, "SM: No execute permission for request with PASID and ER=1"),
          Map.entry(0x83, "SM: Address beyond the DMA hardware max"),
          Map.entry(0x84, "SM: Second-level entry address beyond the max"),
          Map.entry(0x85, "SM: No write permission for Write/AtomicOp request"),
          Map.entry(0x86, "SM: No read permission for Read/AtomicOp request"),
          Map.entry(0x87, "SM: Invalid address-interrupt address"),
          Map.entry(
              0x90, "SM: A/D bit update needed in first-level entry when set up in no snoop"));

  /** All words, by fault code. */
  public static Map<Integer, String> all() {
    return WORDS;
  }

  /** The log's words for a fault code. */
  public static String of(int code) {
    return WORDS.getOrDefault(code, "Unknown");
  }

  private DmarFaultReasons() {}
}
