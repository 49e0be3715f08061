/** The conformance cases of iommufd, on the mock IOMMU. */
package org.iommulab.linux.iommufd;
