/**
 * Seeded fuzzing of a remapping unit: random capabilities, tables, registers, descriptors and
 * requests; a second walker written apart from the unit's, and rules that must always hold. May
 * import {@code vtd..}, {@code bus} and {@code memory}.
 */
package org.iommulab.lab.fuzz;
