/**
 * Tells what a file is by what is in it: lengths, checksums, printability, the form of its lines.
 * May import {@code words}.
 */
package org.iommulab.evidence.kind;
