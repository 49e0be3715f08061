/**
 * From facts of a log to a cause: rules that show what they rest on. May import {@code
 * evidence.log}; reads no file.
 */
package org.iommulab.evidence.diagnosis;
