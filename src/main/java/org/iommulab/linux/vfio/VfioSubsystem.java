package org.iommulab.linux.vfio;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuGroup;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.pci.Interrupts;
import org.iommulab.linux.process.FileSystem;
import org.iommulab.linux.process.FileSystem.Opened;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** Devices bound to vfio-pci and their groups. */
public final class VfioSubsystem {

  private final KernelParts parts;
  private final IommuSubsystem iommu;
  private final Interrupts interrupts;
  private final Map<Integer, VfioGroup> groups = new TreeMap<>();
  private final Map<Integer, VfioDevice> devices = new TreeMap<>();
  private final Type1Limits limits = new Type1Limits();

  /** No device is bound at first. */
  public VfioSubsystem(KernelParts parts, IommuSubsystem iommu, Interrupts interrupts) {
    this.parts = parts;
    this.iommu = iommu;
    this.interrupts = interrupts;
  }

  /** vfio-pci takes a device over: its group node and its device node appear. */
  public Status probe(IommuDevice device) {
    IommuGroup group = device.group();
    VfioGroup vfioGroup = groups.computeIfAbsent(group.id(), id -> new VfioGroup(parts, group));
    int number = 0;
    while (devices.containsKey(number)) {
      number++;
    }
    var vfioDevice = new VfioDevice(parts, device, number, interrupts, new HotReset(iommu, this));
    devices.put(number, vfioDevice);
    for (VfioDevice other : devices.values()) {
      relate(vfioDevice, other);
      relate(other, vfioDevice);
    }
    vfioGroup.add(vfioDevice);
    return Status.OK;
  }

  private static void relate(VfioDevice physical, VfioDevice virtual) {
    if (physical.device().sid().equals(virtual.device().pci().physicalFunction())) {
      physical.makeToken();
      virtual.setPhysical(physical);
    }
  }

  /** vfio-pci lets a device go; EBUSY while a file has it open. */
  public Status remove(IommuDevice device) {
    for (VfioDevice candidate : devices.values()) {
      if (candidate.device() == device) {
        if (candidate.opens() > 0) {
          return Status.fail(Errno.EBUSY, "the device is open");
        }
        devices.remove(candidate.number());
        devices.values().stream()
            .filter(other -> other.physical() == candidate)
            .forEach(other -> other.setPhysical(null));
        VfioGroup group = groups.get(device.group().id());
        if (group != null && group.remove(candidate)) {
          groups.remove(device.group().id());
        }
        return Status.OK;
      }
    }
    return Status.OK;
  }

  /** What vfio-pci has of a device; null if another driver has it, or none. */
  @Nullable VfioDevice find(IommuDevice device) {
    return devices.values().stream().filter(one -> one.device() == device).findFirst().orElse(null);
  }

  /** Devices bound to vfio-pci, by number. */
  public List<IommuDevice> devices() {
    return devices.values().stream().map(VfioDevice::device).toList();
  }

  /** Number of a device's node {@code /dev/vfio/devices/vfioN}; -1 if it is not bound. */
  public int number(IommuDevice device) {
    return devices.values().stream()
        .filter(one -> one.device() == device)
        .mapToInt(VfioDevice::number)
        .findFirst()
        .orElse(-1);
  }

  /** Opens {@code /dev/vfio/N} or {@code /dev/vfio/devices/vfioN}. */
  public Opened open(String path) {
    String device = "/dev/vfio/devices/vfio";
    if (path.startsWith(device)) {
      Integer number = number(path.substring(device.length()));
      VfioDevice found = number == null ? null : devices.get(number);
      return found == null || !parts.era().hasDeviceNodes()
          ? missing(path)
          : openDevice(path, found);
    }
    Integer number = number(path.substring("/dev/vfio/".length()));
    VfioGroup group = number == null ? null : groups.get(number);
    if (group == null) {
      return missing(path);
    }
    Status status = group.open();
    return status.failed()
        ? new Opened(null, status)
        : Opened.of(new VfioGroupFile(path, parts, group));
  }

  private Opened openDevice(String path, VfioDevice device) {
    VfioGroup group = groups.get(device.device().group().id());
    if (group == null || group.opened()) {
      return Opened.fail(Errno.EBUSY, "the device's group is open as /dev/vfio/N");
    }
    return Opened.of(new VfioCdevFile(path, parts, group, device));
  }

  /** The file behind a descriptor; the standard streams are open, but nothing VFIO can use. */
  static @Nullable OpenFile file(Process caller, int fd) {
    return fd >= 0 && fd < 3 ? new OpenFile("terminal") {} : caller.file(fd);
  }

  private static Opened missing(String path) {
    return Opened.fail(Errno.ENOENT, "no such file: " + path);
  }

  private static @Nullable Integer number(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  /** Opens a container of the classic type 1 backend. */
  public FileSystem.Opened openContainer(String path) {
    return Opened.of(new VfioContainerFile(path, parts, iommu, limits));
  }

  /** Limits of the type 1 backend, set through sysfs. */
  public Type1Limits limits() {
    return limits;
  }
}
