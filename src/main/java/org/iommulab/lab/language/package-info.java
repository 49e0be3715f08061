/**
 * The language: commands, their results, and both as lines of text. May import {@code linux.boot},
 * {@code linux.program}, {@code vtd.config}, {@code bus..} and {@code words}.
 */
package org.iommulab.lab.language;
