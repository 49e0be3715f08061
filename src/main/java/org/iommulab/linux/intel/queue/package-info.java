/**
 * The driver's end of a unit: registers, the invalidation queue and its descriptors. May import
 * {@code linux.boot}, {@code linux.mm}, {@code linux.uapi}, {@code vtd.layout}, {@code bus}, {@code
 * bits}, {@code memory} and {@code trace}.
 */
package org.iommulab.linux.intel.queue;
