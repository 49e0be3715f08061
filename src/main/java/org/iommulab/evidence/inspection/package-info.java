/**
 * What is told of a snapshot: as JSON, as a summary, and walk by walk. May import {@code evidence},
 * {@code vtd.layout}, {@code vtd.tables}, {@code acpi}, {@code bus}, {@code bits}, {@code memory}
 * and {@code words}.
 */
package org.iommulab.evidence.inspection;
