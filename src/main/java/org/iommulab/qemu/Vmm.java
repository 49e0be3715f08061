package org.iommulab.qemu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiStruct;
import org.iommulab.trace.CallTrace;

/**
 * A VMM: a process with guest RAM and devices assigned to the guest. The guest sees each device's
 * DMA addresses as its own physical addresses, so a mapping's IOVA is a guest-physical address.
 */
public final class Vmm {

  private static final int MAP_READ = 1;
  private static final int MAP_WRITE = 2;
  private static final int MAP_ARGSZ = 32;
  private static final int UNMAP_ARGSZ = 24;

  private final Process process;
  private final CallTrace trace;
  private final List<String> messages = new ArrayList<>();
  private int container = -1;
  private long scratch;
  private int iommuType = 3;

  /** A VMM running as that process. */
  public Vmm(Process process, CallTrace trace) {
    this.process = process;
    this.trace = trace;
  }

  /** The process it runs as. */
  public Process process() {
    return process;
  }

  /** File descriptor of the VFIO container, -1 before a device was assigned. */
  public int container() {
    return container;
  }

  /** Chooses the IOMMU type the container asks for: 3 for type 1v2 (the default), 1 for type 1. */
  public void setIommuType(int type) {
    iommuType = type;
  }

  // ---- devices ----------------------------------------------------------------------------------

  /**
   * Assigns a device: gives it to vfio-pci, opens the container and the device's group, joins them,
   * chooses the IOMMU type and opens the device.
   *
   * @param group number of the IOMMU group
   * @param address the device as sysfs writes it, {@code 0000:00:03.0}
   * @return the device's file descriptor
   */
  public SyscallResult assignDevice(int group, String address) {
    if (trace.isOn()) {
      trace.enter("vfio_realize").text("device", address).number("group", group);
    }
    SyscallResult result = assign(group, address);
    result.leave(trace);
    return result;
  }

  private SyscallResult assign(int group, String address) {
    SyscallResult bound = bindToVfio(address);
    if (bound.failed()) {
      return bound;
    }
    boolean first = container < 0;
    if (first) {
      SyscallResult opened = process.open("/dev/vfio/vfio");
      if (opened.failed()) {
        return report("failed to open /dev/vfio/vfio: ", opened);
      }
      container = (int) opened.ret();
    }
    SyscallResult groupFd = process.open("/dev/vfio/" + group);
    if (groupFd.failed()) {
      return report("failed to open /dev/vfio/" + group + ": ", groupFd);
    }
    ByteBuffer fd = struct(4).putInt(0, container);
    SyscallResult joined = ioctl((int) groupFd.ret(), Uapi.VFIO_GROUP_SET_CONTAINER, write(fd));
    if (joined.failed()) {
      return report("failed to set container: ", joined);
    }
    if (first) {
      SyscallResult typed = ioctl(container, Uapi.VFIO_SET_IOMMU, iommuType);
      if (typed.failed()) {
        return report("failed to set iommu for container: ", typed);
      }
    }
    byte[] name = (address + "\0").getBytes(StandardCharsets.UTF_8);
    SyscallResult device =
        ioctl((int) groupFd.ret(), Uapi.VFIO_GROUP_GET_DEVICE_FD, write(ByteBuffer.wrap(name)));
    return device.failed() ? report("error getting device from group: ", device) : device;
  }

  /** What a management layer does before it starts the VMM. */
  private SyscallResult bindToVfio(String address) {
    SyscallResult override =
        process.writeFile("/sys/bus/pci/devices/" + address + "/driver_override", "vfio-pci");
    return override.failed() ? override : process.writeFile("/sys/bus/pci/drivers_probe", address);
  }

  // ---- memory -----------------------------------------------------------------------------------

  /** Takes guest RAM from the process; the result is its address there. */
  public SyscallResult allocateRam(long size, MemoryOptions options) {
    return process.alloc(size, options);
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
    if (trace.isOn()) {
      trace
          .enter("vfio_dma_map")
          .hex("iova", iova)
          .hex("size", size)
          .hex("vaddr", vaddr)
          .text("readonly", readonly ? "true" : "false");
    }
    SyscallResult result = map(iova, size, vaddr, readonly);
    if (result.errno() == Errno.EBUSY) {
      // A leftover of a device that was hot-unplugged: drop it and try once more.
      if (trace.isOn()) {
        trace.effect("EBUSY: unmap the range and try once more");
      }
      SyscallResult dropped = vfioDmaUnmap(iova, size);
      result = dropped.failed() ? result : map(iova, size, vaddr, readonly);
    }
    if (result.failed()) {
      report("VFIO_MAP_DMA failed: ", result);
    }
    result.leave(trace);
    return result;
  }

  private SyscallResult map(long iova, long size, long vaddr, boolean readonly) {
    ByteBuffer map = struct(MAP_ARGSZ);
    map.putInt(MAP_ARGSZ).putInt(readonly ? MAP_READ : MAP_READ | MAP_WRITE);
    map.putLong(vaddr).putLong(iova).putLong(size);
    return ioctl(container, Uapi.VFIO_IOMMU_MAP_DMA, write(map));
  }

  /** {@code vfio_dma_unmap()}: takes a range away from the assigned devices. */
  public SyscallResult vfioDmaUnmap(long iova, long size) {
    if (trace.isOn()) {
      trace.enter("vfio_dma_unmap").hex("iova", iova).hex("size", size);
    }
    ByteBuffer unmap = struct(UNMAP_ARGSZ);
    unmap.putInt(UNMAP_ARGSZ).putInt(0).putLong(iova).putLong(size);
    SyscallResult result = ioctl(container, Uapi.VFIO_IOMMU_UNMAP_DMA, write(unmap));
    if (result.failed()) {
      report("VFIO_UNMAP_DMA failed: ", result);
    }
    result.leave(trace);
    return result;
  }

  /** Error reports of the VMM, oldest first, such as {@code VFIO_MAP_DMA failed: File exists}. */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  // ---- calls ------------------------------------------------------------------------------------

  private SyscallResult ioctl(int fd, UapiStruct command, long argument) {
    return process.ioctl(fd, command.number(), argument);
  }

  private static ByteBuffer struct(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Puts an argument where the kernel can read it. */
  private long write(ByteBuffer bytes) {
    if (scratch == 0) {
      scratch = Math.max(0, process.alloc(4096, MemoryOptions.PLAIN).ret());
    }
    process.write(scratch, bytes.array());
    return scratch;
  }

  private SyscallResult report(String what, SyscallResult result) {
    Errno errno = result.errno();
    messages.add(what + (errno == null ? "" : errno.text()));
    return result;
  }
}
