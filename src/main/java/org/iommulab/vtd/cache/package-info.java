/** The caches of a unit: their lines, their policies and how they are invalidated. */
package org.iommulab.vtd.cache;
