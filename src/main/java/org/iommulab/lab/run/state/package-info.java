/**
 * What every room of {@code lab.run} works with: the state that commands change, names, arguments,
 * results. May import {@code lab.language}, {@code lab.machine}, {@code qemu}, {@code linux..},
 * {@code bus}, {@code trace} and {@code words}.
 */
package org.iommulab.lab.run.state;
