package org.iommulab.bus;

/**
 * Who made a PCI function and what it is, as the head of its configuration space says.
 *
 * @param vendor vendor id
 * @param device device id
 * @param classCode class, subclass and programming interface
 */
public record PciIdentity(int vendor, int device, int classCode) {}
