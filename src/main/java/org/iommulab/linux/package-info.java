/**
 * The kernel's front door: boot it on a {@link org.iommulab.linux.Platform}, start processes, look
 * at what it has built. May import {@code linux..}, {@code vtd.layout}, {@code bus}, {@code memory}
 * and {@code trace}.
 */
package org.iommulab.linux;
