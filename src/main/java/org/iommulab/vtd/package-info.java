/**
 * The remapping unit: give it memory and a configuration, send it register accesses and requests.
 * May import {@code bus}, {@code memory} and all of {@code vtd} but {@code vtd.tables}.
 */
package org.iommulab.vtd;
