/**
 * The I/O page table of an IOAS: areas, the user pages behind them, and filling and emptying
 * domains. May import {@code linux.boot}, {@code linux.iommu}, {@code linux.process}, {@code
 * linux.uapi}, {@code memory} and {@code trace}.
 */
package org.iommulab.linux.iommufd.pages;
