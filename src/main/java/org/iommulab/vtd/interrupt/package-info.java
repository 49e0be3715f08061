/**
 * Interrupt remapping and posting. May import {@code vtd.cache}, {@code vtd.config}, {@code
 * vtd.layout}, {@code vtd.register}, {@code vtd.request}, {@code vtd.translate}, {@code bus},
 * {@code bits} and {@code memory}.
 */
package org.iommulab.vtd.interrupt;
