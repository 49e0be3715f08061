/**
 * The driver's end of a unit: registers, the invalidation queue and its descriptors. May import
 * {@code linux.boot}, {@code linux.mm}, {@code linux.uapi}, {@code vtd.layout}, {@code bus},
 * {@code memory}, {@code trace} and {@code bits}.
 */
package org.iommulab.linux.intel.queue;
