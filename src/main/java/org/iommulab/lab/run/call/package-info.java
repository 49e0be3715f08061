/**
 * Functions of kernel and VMM by their names: the table, and the typed methods they stand for. May
 * import {@code lab.run.boot}, {@code lab.run.state} and what that may import.
 */
package org.iommulab.lab.run.call;
