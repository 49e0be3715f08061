/**
 * Reads kernel logs of every era, in whatever dress they come: what the hardware is, which faults
 * it reported, what the kernel said about it. May import {@code vtd.config} and {@code
 * linux.intel}'s words; knows no dump.
 */
package org.iommulab.evidence.log;
