/**
 * The way of a request: what binds its device to tables, the tables, its physical address or why
 * there is none, and what a refusal leaves behind.
 */
package org.iommulab.vtd.translate;
