/**
 * Interrupt remapping and posting. May import {@code vtd.cache}, {@code vtd.config}, {@code
 * vtd.layout}, {@code vtd.register}, {@code vtd.request}, {@code vtd.translate}, {@code bus},
 * {@code memory} and {@code bits}.
 */
package org.iommulab.vtd.interrupt;
