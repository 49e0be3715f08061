/**
 * Reads the structures of a remapping unit out of memory and registers, of a live laboratory and of
 * a dump alike; never changes anything. May import {@code vtd.layout}, {@code bus}, {@code bits}
 * and {@code memory}.
 */
package org.iommulab.vtd.tables;
