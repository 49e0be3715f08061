/**
 * Every bit layout of the VT-d architecture, declared once: registers, table entries, fault
 * records, descriptors and the fault reasons. Imports {@code bits} only, so kernel code may read
 * it.
 */
package org.iommulab.vtd.layout;
