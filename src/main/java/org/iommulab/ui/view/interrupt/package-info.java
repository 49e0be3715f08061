/**
 * The interrupt-remapping table and the posted descriptors it leads to. May import {@code ui},
 * {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.view.interrupt;
