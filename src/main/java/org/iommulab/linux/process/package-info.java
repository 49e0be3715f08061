/**
 * Processes: user memory in page frames, file descriptors, system calls. May import {@code memory},
 * {@code trace}, {@code linux.mm} and {@code linux.uapi}.
 */
package org.iommulab.linux.process;
