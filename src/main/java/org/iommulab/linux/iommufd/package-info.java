/**
 * iommufd: address spaces, page tables, devices and the objects that tie them to a process
 * (drivers/iommu/iommufd). May import {@code linux.boot}, {@code linux.iommu}, {@code
 * linux.iommufd.pages}, {@code linux.mock}, {@code linux.process}, {@code linux.uapi}, {@code bus},
 * {@code memory} and {@code trace}.
 */
package org.iommulab.linux.iommufd;
