/**
 * The bench: what stands in the laboratory, as a tree of units, buses, devices, domains, processes
 * and iommufd objects. Imports {@code ui} and the laboratory.
 */
package org.iommulab.ui.bench;
