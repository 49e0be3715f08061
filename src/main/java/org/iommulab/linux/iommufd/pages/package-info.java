/**
 * The I/O page table of an IOAS: areas, the user pages behind them, and filling and emptying
 * domains.
 */
package org.iommulab.linux.iommufd.pages;
