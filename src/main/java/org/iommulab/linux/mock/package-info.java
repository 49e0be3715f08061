/**
 * The kernel's mock IOMMU (iommufd/selftest.c): a driver without hardware, with 2 KiB pages, a
 * small aperture, nested domains and dirty bits, on which iommufd's rules can be tried. May import
 * {@code linux.boot}, {@code linux.iommu}, {@code linux.mm}, {@code linux.pci}, {@code linux.uapi},
 * {@code bus} and {@code memory}.
 */
package org.iommulab.linux.mock;
