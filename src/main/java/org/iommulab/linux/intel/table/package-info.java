/** The driver's page tables, first and second stage, by both walkers. */
package org.iommulab.linux.intel.table;
