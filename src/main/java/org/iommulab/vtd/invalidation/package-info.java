/**
 * The invalidation queue, and the registers that do the same while it is off. May import {@code
 * vtd.cache}, {@code vtd.config}, {@code vtd.layout}, {@code vtd.register}, {@code vtd.request},
 * {@code vtd.translate}, {@code bus}, {@code bus.ats}, {@code bits} and {@code memory}.
 */
package org.iommulab.vtd.invalidation;
