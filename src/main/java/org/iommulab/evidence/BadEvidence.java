package org.iommulab.evidence;

/**
 * Why something could not be opened.
 *
 * @param sentence what is wrong, where, and what to do
 */
public record BadEvidence(String sentence) implements Evidence {}
