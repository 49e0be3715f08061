/**
 * Archives of collected material: tar, zip, gzip, xz. Unpacks into a folder of its own, within
 * bounds; imports nothing of this program.
 */
package org.iommulab.evidence.archive;
