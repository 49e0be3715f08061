/**
 * What decides a boot, the DMAR table's facts, the kernel's age and command line, and what all
 * parts of a kernel share. May import everything below {@code linux}, and of it {@code mm}, {@code
 * pci} and {@code uapi}.
 */
package org.iommulab.linux.boot;
