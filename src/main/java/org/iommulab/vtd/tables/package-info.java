/**
 * Reads the structures of a remapping unit out of memory and registers, of a live laboratory and of
 * a dump alike; never changes anything. May import {@code vtd.layout} and what lies below it.
 */
package org.iommulab.vtd.tables;
