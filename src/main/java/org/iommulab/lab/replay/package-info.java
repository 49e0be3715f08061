/**
 * Logs of system calls that a program made on real Linux: read, turned into a script, carried out
 * and compared call by call. May import the laboratory, its scripts and the kernel's structures.
 */
package org.iommulab.lab.replay;
