/**
 * SWIOTLB: a pool of low memory through which data is copied for devices that cannot reach the
 * buffer. May import {@code memory}, {@code trace} and {@code linux.boot}.
 */
package org.iommulab.linux.swiotlb;
