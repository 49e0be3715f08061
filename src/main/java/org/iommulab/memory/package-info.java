/**
 * Physical memory: sparse 4 KiB frames with copy-on-write checkpoints and memory-mapped images
 * underneath. May import nothing of the laboratory.
 */
package org.iommulab.memory;
