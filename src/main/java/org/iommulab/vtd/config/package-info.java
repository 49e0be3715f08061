/**
 * What a unit is: capabilities, cache geometries, where it departs from the architecture, and
 * profiles of real units.
 */
package org.iommulab.vtd.config;
