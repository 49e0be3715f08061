/**
 * Opens material from real machines: memory dumps with registers, DMAR tables, debugfs texts and
 * traces. May import {@code evidence..}, {@code vtd.layout}, {@code vtd.tables}, {@code acpi},
 * {@code bus}, {@code memory}, {@code bits}, {@code words} and {@code progress}.
 */
package org.iommulab.evidence;
