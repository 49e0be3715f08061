/**
 * Devices that translate ahead, and devices that drivers program. May import {@code lab.expect},
 * {@code lab.language}, {@code lab.machine}, {@code lab.run.hardware}, {@code lab.run.state} and
 * the floors below.
 */
package org.iommulab.lab.run.device;
