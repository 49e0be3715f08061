/**
 * The address space of a domain as a map: one box per entry of one table, zoomed level by level.
 * May import {@code vtd.tables}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.map;
