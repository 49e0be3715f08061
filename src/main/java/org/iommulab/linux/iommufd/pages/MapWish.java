package org.iommulab.linux.iommufd.pages;

/**
 * What a map is asked to do, whatever the pages are.
 *
 * @param iova where, if it is fixed
 * @param length bytes
 * @param prot rights of the mapping, see {@link org.iommulab.linux.iommu.Protection}
 * @param fixed the caller chooses the IOVA, not the kernel
 */
public record MapWish(long iova, long length, int prot, boolean fixed) {}
