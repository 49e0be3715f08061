/**
 * The machine, the kernel and the programs that commands act on, and how each command is carried
 * out. May import {@code lab.language}, {@code lab.machine}, {@code lab.expect} and the floors
 * below.
 */
package org.iommulab.lab.run;
