/**
 * Boots the kernel: what the line says of it and of the firmware below, and the machine as its
 * firmware shows it. May import {@code lab.run.state} and what that may import.
 */
package org.iommulab.lab.run.boot;
