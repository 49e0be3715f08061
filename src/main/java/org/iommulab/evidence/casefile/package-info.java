/**
 * Everything that was collected about one machine, put together: files of any kind become a case,
 * and over a case one asks who reaches what and what changed. May import {@code evidence}, {@code
 * evidence.archive}, {@code evidence.context}, {@code evidence.diagnosis}, {@code
 * evidence.firmware}, {@code evidence.inspection}, {@code evidence.kind}, {@code evidence.log},
 * {@code evidence.trace}, {@code vtd.layout}, {@code vtd.tables}, {@code acpi}, {@code bus}, {@code
 * bits}, {@code progress} and {@code words}.
 */
package org.iommulab.evidence.casefile;
