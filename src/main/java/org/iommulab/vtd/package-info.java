/**
 * The remapping unit: give it memory and a configuration, send it register accesses and requests.
 * May import {@code bits}, {@code trace}, {@code memory} and {@code bus}.
 */
package org.iommulab.vtd;
