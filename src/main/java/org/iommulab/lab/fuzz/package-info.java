/**
 * Seeded fuzzing of a remapping unit: random capabilities, tables, registers, descriptors and
 * requests; a second walker written apart from the unit's, and rules that must always hold.
 */
package org.iommulab.lab.fuzz;
