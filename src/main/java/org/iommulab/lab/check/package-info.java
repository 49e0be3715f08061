/**
 * What must hold at any time in a machine and its kernel, and what does not hold now. May import
 * {@code lab.machine}, {@code linux}, {@code linux.mm}, {@code vtd..}, {@code memory} and {@code
 * bus}.
 */
package org.iommulab.lab.check;
