/**
 * What decides a boot, the DMAR table's facts, the kernel's age and command line, and what all
 * parts of a kernel share. May import {@code linux.mm}, {@code linux.uapi}, {@code bus}, {@code
 * memory} and {@code trace}.
 */
package org.iommulab.linux.boot;
