/**
 * The language: commands, their results, and both as lines of text. May import {@code bus} and
 * {@code vtd} for their nouns, {@code linux.program} for what programs ask, nothing else of the
 * laboratory.
 */
package org.iommulab.lab.language;
