/**
 * Page frames: which frame of physical memory is free, and who took it. May import {@code memory}.
 */
package org.iommulab.linux.mm;
