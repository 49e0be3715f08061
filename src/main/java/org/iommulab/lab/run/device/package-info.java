/**
 * Devices that translate ahead, and devices that drivers program. May import {@code
 * lab.run.hardware}, {@code lab.run.state} and what that may import.
 */
package org.iommulab.lab.run.device;
