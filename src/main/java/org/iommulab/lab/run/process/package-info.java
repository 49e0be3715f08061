/**
 * What a process does to its memory and its files. May import {@code lab.language}, {@code
 * lab.run.state} and {@code linux..}.
 */
package org.iommulab.lab.run.process;
