/**
 * A whole machine in miniature: memory, remapping units, devices and their DMA. May import the
 * floors below.
 */
package org.iommulab.lab.machine;
