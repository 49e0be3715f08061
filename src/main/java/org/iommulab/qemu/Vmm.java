package org.iommulab.qemu;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.trace.CallTrace;

/**
 * A VMM: a process with guest RAM and devices assigned to the guest. The guest sees each device's
 * DMA addresses as its own physical addresses, so a mapping's IOVA is a guest-physical address.
 */
public final class Vmm {

  private final Process process;
  private final List<String> messages = new ArrayList<>();

  /** A VMM running as that process. */
  public Vmm(Process process, CallTrace trace) {
    this.process = process;
  }

  /** The process it runs as. */
  public Process process() {
    return process;
  }

  /** File descriptor of the VFIO container, -1 before a device was assigned. */
  public int container() {
    return -1;
  }

  /**
   * Assigns a device: opens the container and the device's group, joins them, chooses the type 1v2
   * IOMMU and opens the device.
   *
   * @param group number of the IOMMU group
   * @param address the device as sysfs writes it, {@code 0000:00:03.0}
   * @return the device's file descriptor
   */
  public SyscallResult assignDevice(int group, String address) {
    return SyscallResult.fail(Errno.ENODEV, "no such device: " + address);
  }

  /**
   * {@code vfio_dma_map()}: makes user memory visible to the assigned devices.
   *
   * @param iova device address, equal to the guest-physical address
   * @param size in bytes
   * @param vaddr address in the VMM's own memory
   * @param readonly devices may only read it
   */
  public SyscallResult vfioDmaMap(long iova, long size, long vaddr, boolean readonly) {
    return SyscallResult.fail(Errno.ENODEV, "no container is open");
  }

  /** {@code vfio_dma_unmap()}: takes a range away from the assigned devices. */
  public SyscallResult vfioDmaUnmap(long iova, long size) {
    return SyscallResult.fail(Errno.ENODEV, "no container is open");
  }

  /** Error reports of the VMM, oldest first, such as {@code VFIO_MAP_DMA failed: File exists}. */
  public List<String> messages() {
    return List.copyOf(messages);
  }
}
