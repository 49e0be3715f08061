package org.iommulab.linux.boot;

/**
 * What command line, Kconfig and firmware together ask of the IOMMU code, settled before a driver
 * runs.
 *
 * @param driverOn the units are to translate
 * @param passthrough trusted devices get identity domains
 * @param strict unmapping flushes at once
 * @param scalable scalable mode, on units that have it
 */
public record BootPolicy(boolean driverOn, boolean passthrough, boolean strict, boolean scalable) {}
