package org.iommulab.acpi;

/**
 * The fields of an ACPI table's header that say who made it.
 *
 * @param revision of the table's format
 * @param oemId six characters
 * @param oemTableId eight characters
 * @param oemRevision number of the maker's
 * @param creatorId four characters
 * @param creatorRevision number of the tool's
 */
public record DmarHeader(
    int revision,
    String oemId,
    String oemTableId,
    int oemRevision,
    String creatorId,
    int creatorRevision) {

  /** What this laboratory's firmware writes. */
  public static final DmarHeader OURS = new DmarHeader(1, "IOLAB ", "IOMMULAB", 1, "IOML", 1);
}
