/**
 * What a process does to its memory and its files. May import {@code lab.run.state} and what that
 * may import.
 */
package org.iommulab.lab.run.process;
