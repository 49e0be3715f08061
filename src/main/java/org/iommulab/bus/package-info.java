/**
 * What connects devices, units and memory: requester ids, PCI topology, DMA requests, messages,
 * memory-mapped registers and device models. May import {@code bits}, {@code trace} and {@code
 * memory}.
 */
package org.iommulab.bus;
