/**
 * What every room of {@code lab.run} works with: the state that commands change, names, arguments,
 * results. May import {@code lab.language}, {@code lab.machine}, {@code qemu}, {@code linux..},
 * {@code bus} and {@code trace}.
 */
package org.iommulab.lab.run.state;
