/**
 * What connects devices, units and memory: requester ids, PCI topology, DMA requests, messages,
 * memory-mapped registers and device models. May import {@code words} and nothing else of the
 * laboratory.
 */
package org.iommulab.bus;
