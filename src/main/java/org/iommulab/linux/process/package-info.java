/**
 * Processes: user memory in page frames, file descriptors, system calls. May import {@code
 * linux.boot}, {@code linux.mm}, {@code linux.uapi}, {@code vtd.layout}, {@code memory} and {@code
 * trace}.
 */
package org.iommulab.linux.process;
