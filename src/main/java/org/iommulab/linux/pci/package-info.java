/**
 * The PCI functions a kernel finds, with the facts that decide about grouping and DMA masks. May
 * import {@code linux.uapi}, {@code bus}, {@code trace} and {@code memory}.
 */
package org.iommulab.linux.pci;
