package org.iommulab.linux;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuGroup;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommufd.Iommufd;
import org.iommulab.linux.mock.MockIommu;
import org.iommulab.linux.pci.Interrupts;
import org.iommulab.linux.process.FileSystem;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.vfio.VfioSubsystem;
import org.jspecify.annotations.Nullable;

/** The device nodes and sysfs attributes of this kernel. */
final class Devices implements FileSystem {

  private static final String IOMMUFD = "/dev/iommu";
  private static final String VFIO_PCI = "vfio-pci";
  private static final String PCI_DEVICE = "/sys/bus/pci/devices/";
  private static final String PCI_DRIVER = "/sys/bus/pci/drivers/";
  private static final String GROUP = "/sys/kernel/iommu_groups/";
  private static final String VIRTUAL_FUNCTIONS = "/sriov_numvfs";
  private static final String FAILURES = "/sys/kernel/debug/fail";
  private static final String UNSAFE_INTERRUPTS = "/parameters/allow_unsafe_interrupts";
  private static final String ENTRY_LIMIT =
      "/sys/module/vfio_iommu_type1/parameters/dma_entry_limit";

  private final IommuSubsystem iommu;
  private final Iommufd iommufd;
  private final Runnable beforeOpen;
  private final VfioSubsystem vfio;
  private final Set<IommuDevice> absent = new HashSet<>();
  private final Era era;
  private final BootOptions.VfioContainer container;

  Devices(
      KernelParts parts,
      IommuSubsystem iommu,
      MockIommu mock,
      Interrupts interrupts,
      BootOptions options,
      Runnable beforeOpen) {
    this.beforeOpen = beforeOpen;
    this.iommu = iommu;
    this.iommufd = new Iommufd(parts, iommu, mock);
    this.vfio = new VfioSubsystem(parts, iommu, interrupts);
    era = parts.era();
    // Before iommufd there was nothing but type 1 to serve the container.
    this.container = era.hasIommufd() ? options.container() : BootOptions.VfioContainer.TYPE1;
    boolean unsafe = options.unsafeInterrupts();
    iommufd.allowUnsafeInterrupts(parts.commandLine().allowsUnsafeInterrupts("iommufd", unsafe));
    vfio.limits()
        .allowUnsafeInterrupts(
            parts.commandLine().allowsUnsafeInterrupts("vfio_iommu_type1", unsafe));
  }

  @Override
  public Opened open(Process process, String path) {
    beforeOpen.run();
    if (path.equals(IOMMUFD)) {
      return era.hasIommufd() ? iommufd.open(path, false) : missing(path);
    }
    if (path.equals("/dev/vfio/vfio")) {
      return container == BootOptions.VfioContainer.IOMMUFD
          ? iommufd.open(path, true)
          : vfio.openContainer(path);
    }
    return path.startsWith("/dev/vfio/") ? vfio.open(path) : missing(path);
  }

  /** Contexts of iommufd that are open. */
  int openContexts() {
    return iommufd.openContexts();
  }

  List<KernelView.Assigned> assigned() {
    return vfio.devices().stream()
        .map(
            device ->
                new KernelView.Assigned(device.sid(), vfio.number(device), device.group().id()))
        .toList();
  }

  private static Opened missing(String path) {
    return Opened.fail(Errno.ENOENT, "no such file: " + path);
  }

  // ---- sysfs ------------------------------------------------------------------------------------

  @Override
  public Status writeText(Process process, String path, String text) {
    String value = text.strip();
    if (path.equals("/sys/bus/pci/drivers_probe")) {
      return onDevice(value, this::probe);
    }
    if (path.startsWith(PCI_DEVICE) && path.endsWith("/driver_override")) {
      String address = path.substring(PCI_DEVICE.length(), path.length() - 16);
      return onDevice(address, device -> override(device, value));
    }
    if (path.startsWith(PCI_DEVICE) && path.endsWith(VIRTUAL_FUNCTIONS)) {
      String address =
          path.substring(PCI_DEVICE.length(), path.length() - VIRTUAL_FUNCTIONS.length());
      return onDevice(address, device -> enableVirtualFunctions(device, value));
    }
    if (path.startsWith(PCI_DEVICE) && path.endsWith("/driver/unbind")) {
      return onDevice(value, this::unbind);
    }
    if (path.startsWith(PCI_DRIVER) && path.endsWith("/unbind")) {
      return onDevice(value, this::unbind);
    }
    if (path.startsWith(PCI_DRIVER) && path.endsWith("/bind")) {
      String driver = path.substring(PCI_DRIVER.length(), path.length() - 5);
      return onDevice(value, device -> bind(device, driver));
    }
    if (path.startsWith(GROUP) && path.endsWith("/type")) {
      return groupType(process, path.substring(GROUP.length(), path.length() - 5), value);
    }
    if (path.startsWith(FAILURES)) {
      // Which allocations may fail is told by fail-nth alone; the knobs are taken as they come.
      return Status.OK;
    }
    if (path.equals(ENTRY_LIMIT) && container == BootOptions.VfioContainer.TYPE1) {
      return entryLimit(value);
    }
    if (path.equals("/sys/module/iommufd" + UNSAFE_INTERRUPTS) && era.hasIommufd()) {
      return flag(value, iommufd::allowUnsafeInterrupts);
    }
    if (path.equals("/sys/module/vfio_iommu_type1" + UNSAFE_INTERRUPTS)
        && container == BootOptions.VfioContainer.TYPE1) {
      return flag(value, vfio.limits()::allowUnsafeInterrupts);
    }
    return Status.fail(Errno.ENOENT, "no such file: " + path);
  }

  /** {@code kstrtobool()}, as for every module parameter of type bool. */
  private static Status flag(String value, Consumer<Boolean> target) {
    String word = value.toLowerCase(Locale.ROOT);
    boolean on = word.startsWith("y") || word.startsWith("1") || word.startsWith("t");
    boolean off = word.startsWith("n") || word.startsWith("0") || word.startsWith("f");
    on |= word.startsWith("on");
    off |= word.startsWith("of");
    if (!on && !off) {
      return Status.fail(Errno.EINVAL, "the parameter is Y or N");
    }
    target.accept(on);
    return Status.OK;
  }

  private interface OnDevice {
    Status apply(IommuDevice device);
  }

  private Status onDevice(String address, OnDevice action) {
    Optional<SourceId> sid = SourceId.parse(address);
    IommuDevice device = sid.isEmpty() ? null : iommu.device(sid.get());
    return device == null
        ? Status.fail(Errno.ENODEV, "there is no device " + address)
        : action.apply(device);
  }

  /** Virtual functions of a device, present or switched off. */
  List<IommuDevice> virtualFunctions(IommuDevice device) {
    return iommu.devices().stream()
        .filter(one -> device.sid().equals(one.pci().physicalFunction()))
        .toList();
  }

  /** Tells whether a virtual function is switched off ({@code sriov_numvfs}). */
  boolean isAbsent(IommuDevice device) {
    return absent.contains(device);
  }

  KernelView.SysfsDevice sysfs(IommuDevice device) {
    return new KernelView.SysfsDevice(
        device.pci().address(),
        device.pci().identity(),
        device.pci().bars(),
        isAbsent(device),
        virtualFunctions(device).stream().map(this::sysfs).toList());
  }

  /**
   * {@code sriov_numvfs_store()}: all virtual functions go, or as many come; never more or fewer.
   */
  private Status enableVirtualFunctions(IommuDevice device, String value) {
    List<IommuDevice> functions = virtualFunctions(device);
    long present = functions.stream().filter(one -> !isAbsent(one)).count();
    int wanted;
    try {
      wanted = Integer.parseInt(value);
    } catch (NumberFormatException notANumber) {
      return Status.fail(Errno.EINVAL, "the number of virtual functions is a number");
    }
    if (functions.isEmpty()) {
      return Status.fail(Errno.ENOENT, device + " has no virtual functions");
    }
    if (wanted < 0 || wanted > functions.size()) {
      return Status.fail(Errno.ERANGE, device + " has " + functions.size() + " virtual functions");
    }
    if (wanted == present) {
      return Status.OK;
    }
    if (wanted != 0 && present != 0) {
      return Status.fail(Errno.EBUSY, present + " virtual functions are there; write 0 first");
    }
    for (IommuDevice one : functions) {
      Status status = wanted == 0 ? unbind(one) : Status.OK;
      if (status.failed()) {
        return status;
      }
    }
    absent.addAll(functions);
    functions.subList(0, wanted).forEach(absent::remove);
    // They inherit nothing; with autoprobe vfio-pci takes them if it has the physical function.
    for (IommuDevice one : functions.subList(0, wanted)) {
      if (VFIO_PCI.equals(device.boundDriver())) {
        bind(one, VFIO_PCI);
      }
    }
    return Status.OK;
  }

  private static Status override(IommuDevice device, String driver) {
    device.setDriverOverride(driver.isEmpty() ? null : driver);
    return Status.OK;
  }

  private Status probe(IommuDevice device) {
    String driver = device.driverOverride();
    return driver == null || device.boundDriver() != null ? Status.OK : bind(device, driver);
  }

  /** Gives a device to a driver; one that uses the DMA API is refused a group of user space. */
  Status bind(IommuDevice device, String driver) {
    if (device.boundDriver() != null) {
      return Status.fail(Errno.EBUSY, device + " is bound to " + device.boundDriver());
    }
    if (driver.equals(VFIO_PCI)) {
      device.setBoundDriver(driver);
      return vfio.probe(device);
    }
    if (device.group().claimed()) {
      return Status.fail(Errno.EBUSY, "the group belongs to " + device.group().ownerName());
    }
    device.setBoundDriver(driver);
    return Status.OK;
  }

  private Status unbind(IommuDevice device) {
    if (VFIO_PCI.equals(device.boundDriver())) {
      Status status = vfio.remove(device);
      if (status.failed()) {
        return status;
      }
    }
    device.setBoundDriver(null);
    return Status.OK;
  }

  private Status groupType(Process process, String number, String word) {
    IommuGroup group = group(number);
    if (group == null) {
      return Status.fail(Errno.ENOENT, "there is no IOMMU group " + number);
    }
    if (!process.capable("CAP_SYS_ADMIN") || !process.capable("CAP_SYS_RAWIO")) {
      return Status.fail(Errno.EACCES, "CAP_SYS_ADMIN or CAP_SYS_RAWIO is missing");
    }
    DomainType type = null;
    for (DomainType candidate : DomainType.values()) {
      boolean settable =
          candidate == DomainType.IDENTITY
              || candidate == DomainType.DMA
              || candidate == DomainType.DMA_FQ;
      if (settable && candidate.sysfs().equals(word)) {
        type = candidate;
      }
    }
    if (word.equals("auto")) {
      type = iommu.defaultType(group);
    }
    if (type == null) {
      return Status.fail(Errno.EINVAL, "the type is identity, DMA, DMA-FQ or auto");
    }
    return iommu.storeType(group, type);
  }

  private @Nullable IommuGroup group(String number) {
    for (IommuGroup group : iommu.groups()) {
      if (Integer.toString(group.id()).equals(number)) {
        return group;
      }
    }
    return null;
  }

  private Status entryLimit(String value) {
    try {
      vfio.limits().setDmaEntryLimit(Long.parseLong(value));
      return Status.OK;
    } catch (NumberFormatException notANumber) {
      return Status.fail(Errno.EINVAL, "the limit is a number");
    }
  }
}
