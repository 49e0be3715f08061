/**
 * A whole machine in miniature: memory, remapping units, devices and their DMA. May import {@code
 * vtd}, {@code bus}, {@code memory} and {@code acpi}; knows no kernel.
 */
package org.iommulab.lab.machine;
