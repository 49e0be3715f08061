/**
 * The machine, the kernel and the programs that commands act on, and how each command is carried
 * out.
 */
package org.iommulab.lab.rig;
