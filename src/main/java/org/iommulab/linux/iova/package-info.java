/**
 * The IOVA allocator of {@code drivers/iommu/iova.c}: a red-black tree searched from the top and
 * per-CPU caches above it. May import {@code linux.boot}, {@code linux.mm}, {@code linux.time} and
 * {@code trace}.
 */
package org.iommulab.linux.iova;
