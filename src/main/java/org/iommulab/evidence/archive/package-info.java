/**
 * Archives of collected material: tar, zip, gzip, xz. Unpacks into a folder of its own, within
 * bounds. May import nothing of the laboratory.
 */
package org.iommulab.evidence.archive;
