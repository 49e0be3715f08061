/** VFIO against call logs of real kernels. */
package org.iommulab.linux.vfio;
