/**
 * What an address space maps, as a table of ranges with a filter language. May import {@code
 * view.part}, {@code view.lookup} and the tables of {@code vtd}.
 */
package org.iommulab.ui.view.ranges;
