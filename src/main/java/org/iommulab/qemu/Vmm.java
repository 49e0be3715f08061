package org.iommulab.qemu;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiFlags;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/**
 * A VMM: a process with guest RAM and devices assigned to the guest. The guest sees each device's
 * DMA addresses as its own physical addresses, so a mapping's IOVA is a guest-physical address;
 * unless the guest has an IOMMU of its own, see {@link Guest}.
 */
public final class Vmm {

  private final ModelProcess process;
  private final CallTrace trace;
  private final Messages messages = new Messages();
  private final List<VfioContainer> containers = new ArrayList<>();
  private @Nullable Guest guest;
  private int iommuType = UapiFlags.TYPE1V2_IOMMU;

  /** A VMM running as that process. */
  public Vmm(ModelProcess process, CallTrace trace) {
    this.process = process;
    this.trace = trace;
  }

  /** The process it runs as. */
  public ModelProcess process() {
    return process;
  }

  /** File descriptor of the first VFIO container, -1 before a device was assigned. */
  public int container() {
    return containers.isEmpty() ? -1 : containers.getFirst().fd();
  }

  /** Chooses the IOMMU type the container asks for: 3 for type 1v2 (the default), 1 for type 1. */
  public void setIommuType(int type) {
    iommuType = type;
  }

  // ---- the guest --------------------------------------------------------------------------------

  /** The guest, once it has been started. */
  public Optional<Guest> guest() {
    return Optional.ofNullable(guest);
  }

  /**
   * Gives the VMM a guest to run, before devices are assigned to it.
   *
   * @return the address of the guest's RAM in the process, or why there is none
   */
  public SyscallResult startGuest(GuestOptions options) {
    MemoryOptions pages =
        options.hugePages() ? MemoryOptions.PLAIN.withPageSize(2 << 20) : MemoryOptions.PLAIN;
    SyscallResult ram = process.alloc(options.ram(), pages);
    if (ram.failed()) {
      return ram;
    }
    SyscallResult bios = process.alloc(GuestLayout.BIOS_BYTES, MemoryOptions.PLAIN);
    if (bios.failed()) {
      process.free(ram.ret(), options.ram());
      return bios;
    }
    guest = new Guest(process, trace, messages, options, ram.ret(), bios.ret());
    return ram;
  }

  // ---- devices ----------------------------------------------------------------------------------

  /**
   * Assigns a device: gives it to vfio-pci, opens a container and the device's group, joins them,
   * chooses the IOMMU type, opens the device, and shows it the guest's memory.
   *
   * @param group number of the IOMMU group
   * @param device requester id
   * @return the device's file descriptor
   */
  public SyscallResult assignDevice(int group, SourceId device) {
    if (trace.isOn()) {
      trace.enter("vfio_realize").text("device", device.address()).number("group", group);
    }
    SyscallResult result = assign(group, device);
    result.leave(trace);
    return result;
  }

  private SyscallResult assign(int group, SourceId source) {
    String address = source.address();
    SyscallResult bound = bindToVfio(address);
    if (bound.failed()) {
      return bound;
    }
    Guest running = guest;
    boolean shares = !containers.isEmpty() && (running == null || !running.hasUnit());
    VfioContainer container = shares ? containers.getFirst() : null;
    if (container == null) {
      SyscallResult opened = process.open("/dev/vfio/vfio");
      if (opened.failed()) {
        return messages.report("failed to open /dev/vfio/vfio: ", opened);
      }
      container = new VfioContainer(process, trace, messages, (int) opened.ret());
      containers.add(container);
    }
    SyscallResult device = join(container, !shares, group, address);
    if (device.failed() || running == null) {
      return device;
    }
    SyscallResult plugged = running.plug(source, container);
    return plugged.failed()
        ? messages.report("vfio " + address + ": failed to setup container: ", plugged)
        : device;
  }

  private SyscallResult join(VfioContainer container, boolean fresh, int group, String address) {
    SyscallResult groupFd = process.open("/dev/vfio/" + group);
    if (groupFd.failed()) {
      return messages.report("failed to open /dev/vfio/" + group + ": ", groupFd);
    }
    int file = (int) groupFd.ret();
    SyscallResult joined =
        container.ioctl(
            file, Uapi.VFIO_GROUP_SET_CONTAINER, Map.of("container", (long) container.fd()));
    if (joined.failed()) {
      return messages.report("failed to set container: ", joined);
    }
    if (fresh) {
      SyscallResult typed = container.ioctl(container.fd(), Uapi.VFIO_SET_IOMMU, iommuType);
      if (typed.failed()) {
        return messages.report("failed to set iommu for container: ", typed);
      }
    }
    byte[] name = (address + "\0").getBytes(StandardCharsets.UTF_8);
    SyscallResult device = container.ioctl(file, Uapi.VFIO_GROUP_GET_DEVICE_FD, name);
    return device.failed() ? messages.report("error getting device from group: ", device) : device;
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
    return first().dmaMap(iova, size, vaddr, readonly);
  }

  /** {@code vfio_dma_unmap()}: takes a range away from the assigned devices. */
  public SyscallResult vfioDmaUnmap(long iova, long size) {
    return first().dmaUnmap(iova, size);
  }

  /** Without a container the call goes to a descriptor that is not open. */
  private VfioContainer first() {
    return containers.isEmpty()
        ? new VfioContainer(process, trace, messages, -1)
        : containers.getFirst();
  }

  /** Error reports of the VMM, oldest first, such as {@code VFIO_MAP_DMA failed: File exists}. */
  public List<String> messages() {
    return messages.lines();
  }
}
