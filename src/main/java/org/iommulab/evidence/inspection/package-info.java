/** What is told of a snapshot: as JSON, as a summary, and walk by walk. */
package org.iommulab.evidence.inspection;
