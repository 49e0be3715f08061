/**
 * The IOVA allocator of {@code drivers/iommu/iova.c}: a red-black tree searched from the top and
 * per-CPU caches above it. May import {@code trace}, {@code linux.time}, {@code linux.mm} and
 * {@code linux.boot}.
 */
package org.iommulab.linux.iova;
