/**
 * From command line, Kconfig, firmware and the kernel's age to what is chosen for DMA at boot, why,
 * and what is printed; pure functions. May import {@code linux.boot} and {@code linux.swiotlb}.
 */
package org.iommulab.linux.boot.choice;
