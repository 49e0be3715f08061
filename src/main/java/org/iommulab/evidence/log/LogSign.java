package org.iommulab.evidence.log;

import org.jspecify.annotations.Nullable;

/**
 * A line beside the faults that helps to understand them.
 *
 * @param kind what it tells
 * @param line of the log
 * @param boot which boot of the log
 * @param seconds since boot, or NaN
 * @param clock time of day as written, if there is one
 * @param text the message
 */
public record LogSign(
    Kind kind, long line, int boot, double seconds, @Nullable String clock, String text) {

  /** Seconds since boot or, where the log has only the time of day, since the month began. */
  public double moment() {
    return Clock.moment(seconds, clock);
  }

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
    TOO_WIDE,
    /** A page request of a device was answered with an error, or lost. */
    PAGE_REQUEST,
    /** A processor waits in the code that queues invalidations. */
    QUEUE_STALL,
    /** Firmware's table cannot be used. */
    UNUSABLE_TABLE,
    /** Interrupt remapping could not be switched on. */
    NO_REMAPPING,
    /** Another device of an IOMMU group has a driver of the host. */
    NOT_VIABLE,
    /** Device assignment wants interrupt remapping, and there is none. */
    NO_GUEST_INTERRUPTS,
    /** The kernel maps an address that it has mapped already. */
    ALREADY_MAPPED,
    /** No device addresses are left. */
    NO_ADDRESSES,
    /** No bounce buffers are left. */
    NO_BOUNCE,
    /** An AMD IOMMU refused a request. */
    AMD_FAULT,
    /** An AMD IOMMU waited for a device's answer to an invalidation in vain. */
    AMD_TIMEOUT,
    /** An AMD IOMMU found an entry of its device table invalid. */
    AMD_ENTRY,
    /** An AMD IOMMU was sent a request to an address that is no memory. */
    AMD_REQUEST,
    /** A program could not map memory for an assigned device. */
    MAP_REFUSED,
    /** A program could not attach an assigned device to a domain. */
    ATTACH_REFUSED,
    /** The kernel's own check of drivers found a mistake in how one uses the DMA API. */
    DRIVER_MISTAKE,
    /** Where graphics memory lies that firmware took from RAM. */
    STOLEN,
    /** A security chip inside the management engine speaks. */
    SECURITY_CHIP,
    /** The platform tells the processors of an error, which a refused request can be. */
    PLATFORM_ERROR,
    /** Xen met an interrupt without an entry. */
    NO_ENTRY,
    /** A device left its IOMMU group. */
    REMOVED,
    /** The kernel crashed in its own driver of the units. */
    DRIVER_CRASH,
    /** A unit cannot share addresses of processes. */
    NO_SHARED_ADDRESSES,
    /** A non-transparent bridge, which lends its own ids to other machines' requests. */
    NON_TRANSPARENT,
    /** A driver gives a device up while it sets it up. */
    PROBE_FAILED,
    /** A checker built into the kernel (races, locks, memory) reports. */
    CHECKER,
    /** The emulated unit of QEMU refuses a request. */
    EMULATED_UNIT,
    /** The kernel panics, since no timer interrupt comes. */
    DEAD_TIMER,
    /** A device joins a group, so an IOMMU of some make is at work. */
    GROUP,
    /** A driver of graphics speaks in the name of its device. */
    GPU_DRIVER
  }
}
