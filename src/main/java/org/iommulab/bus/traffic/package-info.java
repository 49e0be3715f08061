/**
 * Requests of a device by seed: where they go, how long they are, which way data moves. May import
 * {@code bus.device} and {@code memory}.
 */
package org.iommulab.bus.traffic;
