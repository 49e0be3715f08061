/** Tests of the IOMMU core. */
@org.jspecify.annotations.NullMarked
package org.iommulab.linux.iommu;
