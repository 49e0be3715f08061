/** Interrupt remapping and posting. */
package org.iommulab.vtd.interrupt;
