package org.iommulab.linux.pci;

/**
 * What a device writes to raise an interrupt.
 *
 * @param address where to
 * @param data the dword
 */
public record MsiMessage(long address, int data) {}
