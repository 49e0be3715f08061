/**
 * What connects devices, units and memory: requester ids, PCI topology, DMA requests, messages,
 * memory-mapped registers and device models. May import nothing of the laboratory.
 */
package org.iommulab.bus;
