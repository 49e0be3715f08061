/**
 * Tells what a file is by what is in it: lengths, checksums, printability, the form of its lines.
 */
package org.iommulab.evidence.kind;
