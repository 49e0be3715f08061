/**
 * The ACPI tables that describe remapping units: finding them in memory, reading, checking and
 * building the DMAR table. May import {@code bits}, {@code trace}, {@code memory} and {@code bus}.
 */
package org.iommulab.acpi;
