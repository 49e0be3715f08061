/**
 * Opens material from real machines: memory dumps with registers, DMAR tables, debugfs texts and
 * traces. May import everything below it; nothing of the laboratory.
 */
package org.iommulab.evidence;
