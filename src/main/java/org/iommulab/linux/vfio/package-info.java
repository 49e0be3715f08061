/**
 * VFIO: groups, containers, device files and the type 1 backend (drivers/vfio). May import {@code
 * linux.iommufd}, {@code linux.iommu}, {@code linux.process}, {@code linux.boot} and {@code
 * linux.uapi}.
 */
package org.iommulab.linux.vfio;
