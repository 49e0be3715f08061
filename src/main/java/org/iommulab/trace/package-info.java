/**
 * Call frames of the kernel and VMM: what was called, with which arguments, what it did, what it
 * returned. Free when off, bounded when on, losses reported. May import nothing of the laboratory.
 */
package org.iommulab.trace;
