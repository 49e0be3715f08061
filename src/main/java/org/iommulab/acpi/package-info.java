/**
 * The ACPI tables that describe remapping units: finding them in memory, reading, checking and
 * building the DMAR table. May import {@code bus} and {@code memory}.
 */
package org.iommulab.acpi;
