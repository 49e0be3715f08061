/**
 * The way of a request: what binds its device to tables, the tables, its physical address or why
 * there is none, and what a refusal leaves behind. May import {@code vtd.cache}, {@code
 * vtd.config}, {@code vtd.layout}, {@code vtd.register}, {@code vtd.request}, {@code bus}, {@code
 * bits} and {@code memory}.
 */
package org.iommulab.vtd.translate;
