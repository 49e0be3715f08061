/** The invalidation queue, and the registers that do the same while it is off. */
package org.iommulab.vtd.invalidation;
