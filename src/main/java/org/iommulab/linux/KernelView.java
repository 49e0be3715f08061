package org.iommulab.linux;

import java.util.List;
import java.util.Optional;
import org.iommulab.bus.PciIdentity;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.choice.BootChoice;
import org.iommulab.linux.dma.DmaView;
import org.iommulab.memory.AddressRange;

/** A kernel that is looked at only: what can be asked of {@link Kernel} and changes nothing. */
public interface KernelView {

  /** What was chosen for DMA at boot, and why. */
  BootChoice bootChoice();

  /** The boot log and everything printed since, oldest first, as {@code dmesg} shows it. */
  List<String> dmesg();

  /** The same, and among it what limits of the kernel held back. */
  List<String> messages();

  /** Processes that have not exited, by pid. */
  List<ProcessView> processes();

  /** Paging domains, oldest first. */
  List<DomainView> domains();

  /** IOMMU groups by number. */
  List<GroupView> groups();

  /** Objects of every open iommufd context, by process, file and id. */
  List<IommufdObjectView> iommufdObjects();

  /**
   * What iommufd and VFIO hold of the kernel, one sentence each; empty once all their descriptors
   * are closed, unless something has leaked.
   */
  List<String> leaks();

  /** The DMA API at this moment. */
  DmaView dmaView();

  /** Devices bound to vfio-pci. */
  List<Assigned> assignedDevices();

  /** The device nodes that VFIO and iommufd have below {@code /dev} in a kernel of this age. */
  List<DeviceNode> nodes();

  /** Tells whether sysfs has a folder {@code vfioN} for each device that user space drives. */
  boolean showsVfioDevices();

  /** What sysfs shows of a PCI function; empty if enumeration did not find it. */
  Optional<SysfsDevice> sysfs(SourceId source);

  /** A device that user space drives: {@code vfioN} and its group. */
  record Assigned(SourceId device, int number, int group) {}

  /**
   * A character device.
   *
   * @param path where its node is
   * @param driver who has its major number, as {@code /proc/devices} says
   * @param inSysfs its folder there, where a node has one
   * @param permissions of the node, but for what udev changes
   */
  record DeviceNode(
      String path, String driver, int major, int minor, String inSysfs, int permissions) {}

  /**
   * A PCI function as sysfs shows it.
   *
   * @param address segment, bus, device and function
   * @param bars its memory windows
   * @param absent {@code sriov_numvfs} has switched it off
   * @param virtualFunctions what {@code sriov_numvfs} switches on and off
   */
  record SysfsDevice(
      String address,
      PciIdentity identity,
      List<AddressRange> bars,
      boolean absent,
      List<SysfsDevice> virtualFunctions) {
    public SysfsDevice {
      bars = List.copyOf(bars);
      virtualFunctions = List.copyOf(virtualFunctions);
    }
  }
}
