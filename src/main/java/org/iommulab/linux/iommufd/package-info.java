/**
 * iommufd: address spaces, page tables, devices and the objects that tie them to a process
 * (drivers/iommu/iommufd). May import {@code linux.iommu}, {@code linux.process}, {@code
 * linux.boot} and {@code linux.uapi}.
 */
package org.iommulab.linux.iommufd;
