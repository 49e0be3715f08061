/** Tests of the kernel through its front door, on a unit that only answers. */
package org.iommulab.linux;
