/**
 * The caches of a unit: their lines, their policies and how they are invalidated. May import {@code
 * bus}, {@code vtd.config}, {@code vtd.layout} and {@code vtd.request}.
 */
package org.iommulab.vtd.cache;
