/**
 * The bench: what stands in the laboratory, as a tree of units, buses, devices, domains, processes
 * and iommufd objects. May import {@code ui}, {@code ui.view.part} and the floors below.
 */
package org.iommulab.ui.bench;
