/**
 * The keys of a machine line and what they make. May import {@code lab.language}, {@code
 * lab.machine}, {@code lab.run.state}, {@code vtd.config}, {@code vtd.tables}, {@code acpi}, {@code
 * bus} and {@code words}.
 */
package org.iommulab.lab.run.keys;
