/**
 * The remapping unit: give it memory and a configuration, send it register accesses and requests.
 * May import {@code vtd..}, {@code bus}, {@code bus.ats} and {@code memory}.
 */
package org.iommulab.vtd;
