package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.ViommuCore;
import org.iommulab.linux.iommu.ViommuOps;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/** A slice of a physical IOMMU for a virtual machine ({@code struct iommufd_viommu}). */
final class Viommu extends IommufdObject implements ViommuCore {

  private final HwptPaging parent;
  private final IommuOps driver;
  private final TreeMap<Long, Vdevice> devices = new TreeMap<>(Long::compareUnsigned);
  private final List<VirtualEventQueue> eventQueues = new ArrayList<>();
  private @Nullable ViommuOps ops;

  /**
   * @param parent the nest parent that its nested HWPTs translate through
   * @param driver of the physical IOMMU
   */
  Viommu(IommufdContext context, int id, HwptPaging parent, IommuOps driver) {
    super(context, id);
    this.parent = parent;
    this.driver = driver;
    parent.hold(name());
  }

  /** The driver has made its part. */
  void setOps(ViommuOps made) {
    ops = made;
  }

  ViommuOps ops() {
    return Objects.requireNonNull(ops, "the vIOMMU is not complete");
  }

  HwptPaging parent() {
    return parent;
  }

  /** Tells whether a device is behind the same physical IOMMU. */
  boolean serves(IommufdDevice device) {
    return device.device().ops() == driver;
  }

  TreeMap<Long, Vdevice> devices() {
    return devices;
  }

  List<VirtualEventQueue> eventQueues() {
    return eventQueues;
  }

  @Nullable VirtualEventQueue eventQueue(int eventType) {
    for (VirtualEventQueue queue : eventQueues) {
      if (queue.eventType() == eventType) {
        return queue;
      }
    }
    return null;
  }

  @Override
  public @Nullable IommuDevice findDevice(long virtId) {
    Vdevice found = devices.get(virtId);
    return found == null ? null : found.device().device();
  }

  @Override
  public @Nullable Long virtId(IommuDevice device) {
    for (Vdevice vdevice : devices.values()) {
      if (vdevice.device().device() == device) {
        return vdevice.virtId();
      }
    }
    return null;
  }

  @Override
  public long allocMmap(AddressRange physical) {
    return context().addWindow(this, physical);
  }

  @Override
  public Status reportEvent(int type, byte[] event) {
    VirtualEventQueue queue = eventQueue(type);
    return queue == null
        ? Status.fail(Errno.EOPNOTSUPP, "nobody listens to events of that type")
        : queue.report(event);
  }

  @Override
  String type() {
    return "VIOMMU";
  }

  @Override
  void destroy() {
    if (ops != null) {
      ops.destroy();
    }
    context().removeWindows(this);
    parent.letGo(name());
  }

  @Override
  List<String> facts() {
    return List.of("parent: " + parent.id(), "virtual devices: " + devices.size());
  }
}
