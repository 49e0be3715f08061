/**
 * The driver's page tables, first and second stage, by both walkers. May import {@code linux.boot},
 * {@code linux.intel.queue}, {@code linux.iommu}, {@code linux.mm}, {@code linux.uapi}, {@code
 * vtd.layout}, {@code memory} and {@code trace}.
 */
package org.iommulab.linux.intel.table;
