package org.iommulab.evidence.debugfs;

/**
 * Why a text could not be read.
 *
 * @param line number of the line, from 1
 * @param sentence what is wrong with it
 */
public record BadText(int line, String sentence) implements DebugfsReading {}
