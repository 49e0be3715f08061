/**
 * Every bit layout of the VT-d architecture, declared once: registers, table entries, fault
 * records, descriptors and the fault reasons. May import {@code bits}.
 */
package org.iommulab.vtd.layout;
