package org.iommulab.linux.mock;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.iommu.ReservedRegion;
import org.iommulab.linux.iommu.ViommuCore;
import org.iommulab.linux.iommu.ViommuOps;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.SelftestUapi;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** The mock IOMMU's driver; it makes its devices itself. */
public final class MockIommu implements IommuOps {

  /** Slots of a device's cache. */
  public static final int CACHE_SLOTS = MockDevice.SLOTS;

  private static final int KNOWN_FLAGS =
      SelftestUapi.DEVICE_NO_DIRTY | SelftestUapi.DEVICE_HUGE_IOVA | SelftestUapi.DEVICE_PASID;
  private static final int BUS = 0xFE;
  private static final int DATA_TYPE = 0xDEAD;
  private static final int DATA_BYTES = 4;
  private static final int TABLE_DATA_BYTES = 8;
  private static final int LARGE_TABLE = 1;
  private static final int VIOMMU_DATA_BYTES = 24;
  private static final int HARDWARE_INFO_TYPE = 0xFEEDBEEF;
  private static final int HARDWARE_INFO_REGISTER = 0xDEADBEEF;
  private static final Pasid FAILING_PASID = new Pasid(1024);

  private final KernelParts parts;
  private final IommuSubsystem iommu;
  private final Map<IommuDevice, MockDevice> devices = new HashMap<>();

  /** A driver without devices. */
  public MockIommu(KernelParts parts, IommuSubsystem iommu) {
    this.parts = parts;
    this.iommu = iommu;
  }

  // ---- devices ----------------------------------------------------------------------------------

  KernelParts parts() {
    return parts;
  }

  /** Tells whether {@link #addDevice} knows all these flags. */
  public static boolean knowsFlags(int deviceFlags) {
    return (deviceFlags & ~KNOWN_FLAGS) == 0;
  }

  /** Adds a device with the given flags, in a group of its own. */
  public IommuDevice addDevice(int deviceFlags) {
    int number = 0;
    while (iommu.device(sid(number)) != null) {
      number++;
    }
    PciDevice pci =
        PciDevice.endpoint(sid(number), "mock" + number)
            .withTranslation(false, false, (deviceFlags & SelftestUapi.DEVICE_PASID) != 0 ? 20 : 0);
    IommuDevice device = iommu.addDevice(pci, this);
    devices.put(device, new MockDevice(deviceFlags));
    return device;
  }

  private static SourceId sid(int number) {
    return SourceId.of(BUS, number >>> 3 & 31, number & 7);
  }

  /** Takes a device away again; nothing may be attached to it. */
  public void removeDevice(IommuDevice device) {
    devices.remove(device);
    iommu.removeDevice(device);
  }

  MockDevice device(IommuDevice device) {
    return Objects.requireNonNull(devices.get(device), "no device of the mock");
  }

  private boolean has(IommuDevice device, int flag) {
    return device(device).has(flag);
  }

  /** One slot of a device's cache. */
  public int cache(IommuDevice device, int slot) {
    return device(device).cache(slot);
  }

  @Override
  public String name() {
    return "mock";
  }

  @Override
  public boolean capable(IommuDevice device, Capability capability) {
    return switch (capability) {
      case CACHE_COHERENCY -> true;
      case DIRTY_TRACKING -> !has(device, SelftestUapi.DEVICE_NO_DIRTY);
      case ENFORCE_CACHE_COHERENCY, DEFERRED_FLUSH -> false;
    };
  }

  // ---- domains ----------------------------------------------------------------------------------

  @Override
  public Allocated<PagingDomain> allocPaging(IommuDevice device, DomainType type, int domainFlags) {
    if ((domainFlags & DIRTY_TRACKING) != 0 && has(device, SelftestUapi.DEVICE_NO_DIRTY)) {
      return new Allocated<>(
          null, Status.fail(Errno.EOPNOTSUPP, "the device leaves no dirty bits"));
    }
    Status memory = parts.allocate("struct mock_iommu_domain");
    if (memory.failed()) {
      return new Allocated<>(null, memory);
    }
    return new Allocated<>(domain(device, type, domainFlags, false), Status.OK);
  }

  private MockDomain domain(IommuDevice device, DomainType type, int flags, boolean large) {
    return new MockDomain(
        this, iommu.nextDomainId(), type, flags, has(device, SelftestUapi.DEVICE_HUGE_IOVA), large);
  }

  /** The data is {@code struct iommu_hwpt_selftest}, whose second word chooses the page table. */
  @Override
  public Allocated<PagingDomain> allocPaging(
      IommuDevice device, DomainType type, int domainFlags, UserData data) {
    if (!parts.era().mockHasLargeEntries()) {
      return IommuOps.super.allocPaging(device, type, domainFlags, data);
    }
    if (data.type() != DATA_TYPE || data.length() < DATA_BYTES) {
      return new Allocated<>(null, Status.fail(Errno.EINVAL, "the data is of another type"));
    }
    byte[] bytes = data.read(Math.min(data.length(), TABLE_DATA_BYTES));
    if (bytes == null) {
      return new Allocated<>(null, Status.fail(Errno.EFAULT, "the data cannot be read"));
    }
    int table =
        bytes.length < TABLE_DATA_BYTES
            ? 0
            : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(DATA_BYTES);
    if (table < 0 || table > LARGE_TABLE) {
      return new Allocated<>(
          null, Status.fail(Errno.EOPNOTSUPP, "the mock has no page table of kind " + table));
    }
    Allocated<PagingDomain> plain = allocPaging(device, type, domainFlags);
    return plain.domain() == null || table != LARGE_TABLE
        ? plain
        : new Allocated<>(domain(device, type, domainFlags, true), Status.OK);
  }

  @Override
  public Allocated<IommuDomain> allocNested(
      IommuDevice device, IommuDomain parent, int domainFlags, UserData data) {
    if (!(parent instanceof MockDomain paging) || !paging.nestParent()) {
      return new Allocated<>(null, Status.fail(Errno.EINVAL, "the parent is no nest parent"));
    }
    return allocNested(paging, data, null);
  }

  Allocated<IommuDomain> allocNested(
      MockDomain parent, UserData data, @Nullable MockViommu viommu) {
    if (data.type() != DATA_TYPE) {
      return new Allocated<>(null, Status.fail(Errno.EOPNOTSUPP, "unknown type of data"));
    }
    if (data.length() < DATA_BYTES) {
      return new Allocated<>(null, Status.fail(Errno.EINVAL, "the data is too short"));
    }
    byte[] bytes = data.read(DATA_BYTES);
    if (bytes == null) {
      return new Allocated<>(null, Status.fail(Errno.EFAULT, "the data cannot be read"));
    }
    Status memory = parts.allocate("struct mock_iommu_domain_nested");
    if (memory.failed()) {
      return new Allocated<>(null, memory);
    }
    int fill = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return new Allocated<>(
        new MockNestedDomain(this, iommu.nextDomainId(), parent, fill, viommu), Status.OK);
  }

  @Override
  public boolean hasViommu(IommuDevice device, int type) {
    return type == MockViommu.TYPE;
  }

  @Override
  public ViommuOps.Made allocViommu(
      IommuDevice device, int type, IommuDomain parent, UserData data, ViommuCore core) {
    if (!(parent instanceof MockDomain paging)) {
      return ViommuOps.Made.fail(Errno.EINVAL, "the parent is no domain of the mock");
    }
    var made = new MockViommu(this, paging, core);
    if (data.length() > 0) {
      byte[] bytes = data.read(VIOMMU_DATA_BYTES);
      if (bytes == null) {
        return ViommuOps.Made.fail(Errno.EFAULT, "the data cannot be read");
      }
      // The mock gives back what it was given.
      ByteBuffer echo = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      if (parts.era().mapsIommufd()) {
        Status shown = made.show(echo);
        if (shown.failed()) {
          return new ViommuOps.Made(null, shown);
        }
      }
      echo.putInt(4, echo.getInt(0));
      if (!data.write(bytes)) {
        made.destroy();
        return ViommuOps.Made.fail(Errno.EFAULT, "the data cannot be written back");
      }
    }
    return new ViommuOps.Made(made, Status.OK);
  }

  // ---- attaching --------------------------------------------------------------------------------

  private Status fits(IommuDevice device, IommuDomain domain) {
    if (domain instanceof PagingDomain paging
        && paging.dirtyTracking()
        && has(device, SelftestUapi.DEVICE_NO_DIRTY)) {
      return Status.fail(Errno.EINVAL, "the domain tracks dirty pages, the device cannot");
    }
    boolean unknown =
        domain instanceof MockNestedDomain nested
            && nested.viommu() != null
            && nested.viommu().core().virtId(device) == null;
    return unknown
        ? Status.fail(Errno.ENOENT, "the device has no virtual id on the vIOMMU")
        : Status.OK;
  }

  @Override
  public Status attach(IommuDevice device, IommuDomain domain) {
    return fits(device, domain);
  }

  @Override
  public Status attachIdentity(IommuDevice device) {
    return Status.OK;
  }

  @Override
  public void attachBlocked(IommuDevice device) {}

  @Override
  public Status attachPasid(IommuDevice device, Pasid pasid, IommuDomain domain) {
    Status status = fits(device, domain);
    MockDevice mock = device(device);
    if (!status.failed() && pasid.equals(FAILING_PASID) && mock.failsNow()) {
      status = Status.fail(Errno.ENOMEM, "the mock fails every second attach of this PASID");
    }
    if (!status.failed()) {
      mock.attach(pasid, domain);
    }
    return status;
  }

  @Override
  public boolean userPasidTable() {
    return true;
  }

  @Override
  public void removePasid(IommuDevice device, Pasid pasid) {
    device(device).detach(pasid);
  }

  /** The domain a PASID of a device is attached to, or null. */
  public @Nullable IommuDomain pasidDomain(IommuDevice device, Pasid pasid) {
    return device(device).pasid(pasid);
  }

  /** {@code IOMMU_TEST_OP_TRIGGER_VEVENT}: reports an event that carries the virtual id. */
  public static Status triggerEvent(ViommuCore core, long virtId) {
    ByteBuffer event = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    return core.reportEvent(MockViommu.EVENT_TYPE, event.putInt((int) virtId).array());
  }

  @Override
  public List<ReservedRegion> reservedRegions(IommuDevice device) {
    return List.of();
  }

  @Override
  public @Nullable DomainType requiredType(IommuDevice device) {
    return null;
  }

  @Override
  public HardwareInfo hardwareInfo(IommuDevice device) {
    ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0).putInt(HARDWARE_INFO_REGISTER);
    return new HardwareInfo(HARDWARE_INFO_TYPE, data.array());
  }
}
