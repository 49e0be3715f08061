/**
 * Everything that was collected about one machine, put together: files of any kind become a case,
 * and over a case one asks who reaches what and what changed. May import all of {@code evidence}.
 */
package org.iommulab.evidence.casefile;
