/**
 * The way of a request: what binds its device to tables, the tables, its physical address or why
 * there is none, and what a refusal leaves behind. May import {@code vtd.cache}, {@code
 * vtd.config}, {@code vtd.layout}, {@code vtd.register}, {@code vtd.request}, {@code bus}, {@code
 * memory} and {@code bits}.
 */
package org.iommulab.vtd.translate;
