/**
 * The kernel's front door: boot it on a {@link org.iommulab.linux.Platform}, start processes, look
 * at what it has built. May import everything below {@code linux}; nothing below imports this door.
 */
package org.iommulab.linux;
