/**
 * What decides a boot: the DMAR table's facts, the kernel's age and command line, and the boot log.
 * May import {@code bus}, {@code memory} and {@code linux.pci}.
 */
package org.iommulab.linux.boot;
