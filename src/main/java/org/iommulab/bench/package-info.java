/**
 * The laboratory's speed on this machine: the workloads of {@code bench/limit.c} through the real
 * unit and the real kernel layer. May import the floors below.
 */
package org.iommulab.bench;
