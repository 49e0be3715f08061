/**
 * From facts of a log to a cause: rules that show what they rest on. May import {@code
 * evidence.log}, {@code vtd.config}, {@code vtd.layout} and {@code bus}.
 */
package org.iommulab.evidence.diagnosis;
