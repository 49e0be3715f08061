/**
 * Machines that run: the unit of a QEMU, read over its QMP socket while the guest goes on. Reads
 * only. May import {@code evidence}, {@code memory} and {@code words}.
 */
package org.iommulab.evidence.live;
