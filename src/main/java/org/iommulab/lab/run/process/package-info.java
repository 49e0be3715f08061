/**
 * What a process does to its memory and its files. May import {@code lab.language}, {@code
 * lab.run.state}, {@code linux.process} and {@code linux.uapi}.
 */
package org.iommulab.lab.run.process;
