/**
 * From a request to its translation: root, context, PASID and paging tables as they are in memory.
 */
package org.iommulab.vtd.walk;
