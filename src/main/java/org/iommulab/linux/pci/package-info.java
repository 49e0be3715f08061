/**
 * The PCI functions a kernel finds, with the facts that decide about grouping and DMA masks. May
 * import {@code linux.uapi}, {@code bus}, {@code memory} and {@code trace}.
 */
package org.iommulab.linux.pci;
