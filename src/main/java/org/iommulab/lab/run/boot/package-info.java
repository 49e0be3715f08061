/**
 * Boots the kernel: what the line says of it and of the firmware below, and the machine as its
 * firmware shows it. May import {@code lab.language}, {@code lab.machine}, {@code lab.run.state}
 * and the floors below.
 */
package org.iommulab.lab.run.boot;
