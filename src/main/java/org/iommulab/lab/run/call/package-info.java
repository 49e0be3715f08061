/**
 * Functions of kernel and VMM by their names: the table, and the typed methods they stand for. May
 * import {@code lab.language}, {@code lab.run.boot}, {@code lab.run.state}, {@code qemu}, {@code
 * linux..}, {@code vtd.config}, {@code bus} and {@code words}.
 */
package org.iommulab.lab.run.call;
