/**
 * The registers of a unit, the fault records among them, and the messages of its events. May import
 * {@code vtd.config}, {@code vtd.layout} and {@code bus}.
 */
package org.iommulab.vtd.register;
