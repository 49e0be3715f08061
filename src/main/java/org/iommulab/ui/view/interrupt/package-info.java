/**
 * The interrupt-remapping table and the posted descriptors it leads to. May import {@code
 * vtd.layout}, {@code vtd.tables}, {@code lab} and the doors of {@code ui}.
 */
package org.iommulab.ui.view.interrupt;
