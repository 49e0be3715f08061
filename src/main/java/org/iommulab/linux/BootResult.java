package org.iommulab.linux;

import org.jspecify.annotations.Nullable;

/**
 * What became of a boot. The kernel always comes up; the IOMMU may not.
 *
 * @param kernel the running kernel
 * @param translating translation was switched on
 * @param problem why it was not, in one sentence; null if it was
 */
public record BootResult(Kernel kernel, boolean translating, @Nullable String problem) {}
