/**
 * Archives of collected material: tar, zip, gzip, xz. Unpacks into a folder of its own, within
 * bounds. May import {@code progress}.
 */
package org.iommulab.evidence.archive;
