/**
 * Requests of a device by seed: where they go, how long they are, which way data moves. May import
 * what {@code bus} may.
 */
package org.iommulab.bus.traffic;
