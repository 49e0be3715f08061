/**
 * SWIOTLB: a pool of low memory through which data is copied for devices that cannot reach the
 * buffer. May import {@code linux.boot}, {@code linux.time}, {@code memory} and {@code trace}.
 */
package org.iommulab.linux.swiotlb;
