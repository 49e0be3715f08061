/**
 * What the unit is to endpoints with translation caches: translations and page requests. May import
 * {@code vtd.cache}, {@code vtd.config}, {@code vtd.invalidation}, {@code vtd.layout}, {@code
 * vtd.register}, {@code vtd.request}, {@code vtd.translate}, {@code bus}, {@code bus.ats} and
 * {@code memory}.
 */
package org.iommulab.vtd.ats;
