/**
 * What every room of {@code lab.run} works with: the state that commands change, names, arguments,
 * results. May import {@code lab.language}, {@code lab.machine} and the floors below.
 */
package org.iommulab.lab.run.state;
