/**
 * What an address space maps, as a table of ranges with a filter language. May import {@code ui},
 * {@code ui.view.lookup}, {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.view.ranges;
