/** Tests of the VMM on a booted kernel. */
package org.iommulab.qemu;
