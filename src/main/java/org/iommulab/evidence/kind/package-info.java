/**
 * Tells what a file is by what is in it: lengths, checksums, printability, the form of its lines.
 * May import nothing of the laboratory.
 */
package org.iommulab.evidence.kind;
