/**
 * ACPI tables as people paste them: acpidump, hex dumps, iasl listings. Gives bytes; what they mean
 * says {@code acpi}. Imports nothing of this program.
 */
package org.iommulab.evidence.firmware;
