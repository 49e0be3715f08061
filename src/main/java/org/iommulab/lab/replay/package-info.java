/**
 * Logs of system calls that a program made on real Linux: read, turned into a script, carried out
 * and compared call by call. May import {@code lab}, {@code lab.language}, {@code lab.script},
 * {@code linux.boot}, {@code linux.uapi}, {@code vtd..}, {@code memory}, {@code bus}, {@code
 * progress} and {@code words}.
 */
package org.iommulab.lab.replay;
