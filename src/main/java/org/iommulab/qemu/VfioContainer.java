package org.iommulab.qemu;

import java.util.Map;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiFlags;
import org.iommulab.linux.uapi.UapiStruct;
import org.iommulab.trace.CallTrace;

/** A VFIO container: one I/O address space of the VMM, shared by the devices in it. */
final class VfioContainer {

  private final ModelProcess process;
  private final CallTrace trace;
  private final Messages messages;
  private final int fd;
  private long scratch;

  VfioContainer(ModelProcess process, CallTrace trace, Messages messages, int fd) {
    this.process = process;
    this.trace = trace;
    this.messages = messages;
    this.fd = fd;
  }

  int fd() {
    return fd;
  }

  /** {@code vfio_dma_map()}. */
  SyscallResult dmaMap(long iova, long size, long vaddr, boolean readonly) {
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
      SyscallResult dropped = dmaUnmap(iova, size);
      result = dropped.failed() ? result : map(iova, size, vaddr, readonly);
    }
    if (result.failed()) {
      messages.report("VFIO_MAP_DMA failed: ", result);
    }
    result.leave(trace);
    return result;
  }

  private SyscallResult map(long iova, long size, long vaddr, boolean readonly) {
    long flags = UapiFlags.DMA_MAP_READ | (readonly ? 0 : UapiFlags.DMA_MAP_WRITE);
    return ioctl(
        fd,
        Uapi.VFIO_IOMMU_MAP_DMA,
        Map.of("flags", flags, "vaddr", vaddr, "iova", iova, "size", size));
  }

  /** {@code vfio_dma_unmap()}. */
  SyscallResult dmaUnmap(long iova, long size) {
    if (trace.isOn()) {
      trace.enter("vfio_dma_unmap").hex("iova", iova).hex("size", size);
    }
    SyscallResult result = ioctl(fd, Uapi.VFIO_IOMMU_UNMAP_DMA, Map.of("iova", iova, "size", size));
    if (result.failed()) {
      messages.report("VFIO_UNMAP_DMA failed: ", result);
    }
    result.leave(trace);
    return result;
  }

  /** Issues a command with a number. */
  SyscallResult ioctl(int file, UapiStruct command, long argument) {
    return process.ioctl(file, command.number(), argument);
  }

  /** Issues a command with a structure. */
  SyscallResult ioctl(int file, UapiStruct command, Map<String, Long> values) {
    return ioctl(file, command, command.filled(values));
  }

  /** Issues a command with bytes, put where the kernel can read them. */
  SyscallResult ioctl(int file, UapiStruct command, byte[] argument) {
    if (scratch == 0) {
      scratch = Math.max(0, process.alloc(4096, MemoryOptions.PLAIN).ret());
    }
    process.write(scratch, argument);
    return ioctl(file, command, scratch);
  }
}
