/**
 * The machine, the kernel and the programs that commands act on, and how each command is carried
 * out. May import {@code lab.run..}, {@code lab.expect}, {@code lab.language}, {@code lab.machine}
 * and the floors below.
 */
package org.iommulab.lab.run;
