/**
 * Address translation services and page requests: the messages between an endpoint with a
 * translation cache of its own and the unit above it, and that cache. May import what {@code bus}
 * may. Source: vtd.md 9.
 */
package org.iommulab.bus.ats;
