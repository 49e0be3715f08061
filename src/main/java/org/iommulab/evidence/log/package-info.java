/**
 * Reads kernel logs of every era, in whatever dress they come: what the hardware is, which faults
 * it reported, what the kernel said about it. May import {@code linux.intel}, {@code vtd.config},
 * {@code vtd.layout}, {@code bits} and {@code progress}.
 */
package org.iommulab.evidence.log;
