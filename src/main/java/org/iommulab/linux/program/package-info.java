/**
 * Programs that run outside the laboratory, as processes of its kernel: their requests, what the
 * kernel learns from outside while it carries them out, and their pages as page frames. May import
 * {@code linux}, {@code linux.boot}, {@code linux.mm}, {@code linux.process}, {@code linux.uapi}
 * and {@code memory}.
 */
package org.iommulab.linux.program;
