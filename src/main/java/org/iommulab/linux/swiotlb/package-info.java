/**
 * SWIOTLB: a pool of low memory through which data is copied for devices that cannot reach the
 * buffer. May import {@code memory}, {@code trace}, {@code linux.boot} and {@code linux.time}.
 */
package org.iommulab.linux.swiotlb;
