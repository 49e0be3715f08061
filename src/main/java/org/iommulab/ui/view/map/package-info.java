/**
 * The address space of a domain as a map: one box per entry of one table, zoomed level by level.
 * May import {@code ui}, {@code ui.view.lookup}, {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.view.map;
