/**
 * From facts of a log to a cause: rules that show what they rest on. May import {@code
 * evidence.log}, {@code vtd.config}, {@code vtd.layout}, {@code bus}, {@code memory} and {@code
 * words}.
 */
package org.iommulab.evidence.diagnosis;
