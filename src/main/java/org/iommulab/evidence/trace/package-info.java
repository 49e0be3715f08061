/**
 * Traces of a kernel (ftrace, perf, trace-cmd) and of QEMU's unit: what was mapped, unmapped,
 * flushed and used, when and for whom. Reads texts. May import {@code evidence.archive}, {@code
 * memory}, {@code bus} and {@code progress}.
 */
package org.iommulab.evidence.trace;
