/**
 * A request, the path it takes, how it ends, and what is counted of it. May import {@code
 * vtd.layout}, {@code bus}, {@code bus.ats} and {@code bits}.
 */
package org.iommulab.vtd.request;
