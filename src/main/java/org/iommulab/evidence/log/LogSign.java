package org.iommulab.evidence.log;

/**
 * A line beside the faults that helps to understand them.
 *
 * @param kind what it tells
 * @param line of the log
 * @param boot which boot of the log
 * @param seconds since boot, or NaN
 * @param text the message
 */
public record LogSign(Kind kind, long line, int boot, double seconds, String text) {

  /** What such a line tells. */
  public enum Kind {
    /** The machine wakes up. */
    RESUME,
    /** A graphics engine hangs or is reset. */
    GPU_HANG,
    /** Graphics firmware complains. */
    GPU_FIRMWARE,
    /** A device is given to a guest. */
    VFIO,
    /** Device assignment is refused because of firmware's reserved memory. */
    VFIO_REFUSED,
    /** The volume management device has a domain of its own. */
    VMD,
    /** A virtual function works. */
    VIRTUAL_FUNCTION,
    /** A link or card went away, or came. */
    LINK,
    /** A device changed its domain. */
    DOMAIN_CHANGE,
    /** This kernel was started by a crash of another. */
    KDUMP,
    /** Remapping was left on by whoever ran before. */
    LEFT_ON,
    /** The kernel itself crashed. */
    OOPS,
    /** A transfer was cancelled, aborted or timed out. */
    DRIVER_ERROR,
    /** A disk reports errors. */
    IO_ERROR,
    /** Firmware of a device complains. */
    DEVICE_FIRMWARE,
    /** A device, non-PCI, in a group: it shares the id of its parent. */
    PLATFORM_GROUP,
    /** A message in the name of a PCI device. */
    DEVICE,
    /** The machine is a virtual one. */
    VIRTUAL_MACHINE,
    /** Translation of a device was switched on; the end of boot for the unit. */
    TRANSLATION_ON,
    /** Some memory is ACPI NVS. */
    NVS,
    /** Where firmware's picture lies. */
    FRAMEBUFFER,
    /** An IOMMU of another architecture speaks. */
    OTHER_IOMMU,
    /** An address was handed out that the unit cannot translate; the kernel refused it. */
    TOO_WIDE
  }
}
