/**
 * The laboratory's speed on this machine: the workloads of {@code bench/limit.c} through the real
 * unit and the real kernel layer. Imports {@code lab} and what is below it.
 */
package org.iommulab.bench;
