/** Tests of the VT-d driver on an emulated unit. */
package org.iommulab.linux.intel;
