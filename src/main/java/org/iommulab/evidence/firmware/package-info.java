/**
 * ACPI tables as people paste them: acpidump, hex dumps, iasl listings. Gives bytes; what they mean
 * says {@code acpi}. May import nothing of the laboratory.
 */
package org.iommulab.evidence.firmware;
