/**
 * The VMM: guest RAM inside a process, and the calls that make it visible to assigned devices. May
 * import {@code linux} and everything below.
 */
package org.iommulab.qemu;
