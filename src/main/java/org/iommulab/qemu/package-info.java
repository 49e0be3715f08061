/**
 * The VMM: guest RAM inside a process, and the calls that make it visible to assigned devices. May
 * import {@code linux..}, {@code vtd..}, {@code bus}, {@code memory} and {@code trace}.
 */
package org.iommulab.qemu;
