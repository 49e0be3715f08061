package org.iommulab.linux.uapi;

/**
 * One field of a structure that crosses the border.
 *
 * @param name as in the kernel's header
 * @param offset in bytes
 * @param size 1, 2, 4 or 8 bytes
 * @param signed two's complement
 * @param out the kernel writes it
 * @param preset its value unless another is given
 */
public record UapiField(
    String name, int offset, int size, boolean signed, boolean out, long preset) {}
