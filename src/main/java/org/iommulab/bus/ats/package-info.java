/**
 * Address translation services and page requests: the messages between an endpoint with a
 * translation cache of its own and the unit above it, and that cache. Source: vtd.md 9. May import
 * {@code bus}, {@code memory} and {@code bits}.
 */
package org.iommulab.bus.ats;
