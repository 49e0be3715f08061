/**
 * The PCI functions a kernel finds, with the facts that decide about grouping and DMA masks. May
 * import {@code bus}.
 */
package org.iommulab.linux.pci;
