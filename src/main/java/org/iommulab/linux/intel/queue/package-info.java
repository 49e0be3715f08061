/** The driver's end of a unit: registers, the invalidation queue and its descriptors. */
package org.iommulab.linux.intel.queue;
