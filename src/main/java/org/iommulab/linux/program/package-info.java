/**
 * Programs that run outside the laboratory, as processes of its kernel: their requests, what the
 * kernel learns from outside while it carries them out, and their pages as page frames. May import
 * {@code linux}, {@code memory} and {@code bus}.
 */
package org.iommulab.linux.program;
