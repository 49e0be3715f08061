/**
 * Opens material from real machines: memory dumps with registers, DMAR tables, debugfs texts and
 * traces. May import {@code evidence..}, {@code vtd.layout}, {@code vtd.tables}, {@code acpi},
 * {@code bus}, {@code bits}, {@code memory}, {@code progress} and {@code words}.
 */
package org.iommulab.evidence;
