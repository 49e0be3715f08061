/**
 * What a unit is: capabilities, cache geometries, where it departs from the architecture, and
 * profiles of real units. May import {@code vtd.layout}, {@code bus}, {@code bus.ats}, {@code
 * bits}, {@code memory} and {@code words}.
 */
package org.iommulab.vtd.config;
