/**
 * VFIO: groups, containers, device files and the type 1 backend (drivers/vfio). May import {@code
 * linux.boot}, {@code linux.iommu}, {@code linux.iommufd}, {@code linux.pci}, {@code
 * linux.process}, {@code linux.uapi}, {@code bus}, {@code memory} and {@code trace}.
 */
package org.iommulab.linux.vfio;
