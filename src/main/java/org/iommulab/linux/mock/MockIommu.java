package org.iommulab.linux.mock;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommu.ReservedRegion;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/** The mock IOMMU's driver; it makes its devices itself. */
public final class MockIommu implements IommuOps {

  /** Device flag: its DMA leaves no dirty bits. */
  public static final int NO_DIRTY = 1;

  /** Device flag: it can send 20-bit PASIDs. */
  public static final int WITH_PASID = 4;

  private static final int DATA_TYPE = 0xDEAD;
  private static final int DATA_BYTES = 4;
  private static final int HARDWARE_INFO_TYPE = 0xFEEDBEEF;
  private static final int HARDWARE_INFO_REGISTER = 0xDEADBEEF;
  private static final int FAILING_PASID = 1024;

  private final IommuSubsystem iommu;
  private final Map<IommuDevice, Integer> flags = new HashMap<>();
  private final Map<IommuDevice, TreeMap<Integer, IommuDomain>> pasids = new HashMap<>();
  private int devices;
  private boolean failingArmed;

  /** A driver without devices. */
  public MockIommu(IommuSubsystem iommu) {
    this.iommu = iommu;
  }

  /** Adds a device with the given flags. */
  public IommuDevice addDevice(int deviceFlags) {
    int number = devices++;
    PciDevice pci =
        PciDevice.endpoint(SourceId.of(0xFE, number & 31, 0), "mock" + number)
            .withTranslation(false, false, (deviceFlags & WITH_PASID) != 0 ? 20 : 0);
    IommuDevice device = iommu.addDevice(pci, this);
    flags.put(device, deviceFlags);
    pasids.put(device, new TreeMap<>());
    return device;
  }

  private boolean has(IommuDevice device, int flag) {
    return (flags.getOrDefault(device, 0) & flag) != 0;
  }

  @Override
  public String name() {
    return "mock";
  }

  @Override
  public boolean capable(IommuDevice device, Capability capability) {
    return switch (capability) {
      case CACHE_COHERENCY -> true;
      case DIRTY_TRACKING -> !has(device, NO_DIRTY);
      case ENFORCE_CACHE_COHERENCY, DEFERRED_FLUSH -> false;
    };
  }

  @Override
  public Allocated allocPaging(IommuDevice device, DomainType type, int domainFlags) {
    if ((domainFlags & DIRTY_TRACKING) != 0 && has(device, NO_DIRTY)) {
      return new Allocated(null, Status.fail(Errno.EOPNOTSUPP, "the device leaves no dirty bits"));
    }
    return new Allocated(new MockDomain(this, iommu.nextDomainId(), type, domainFlags), Status.OK);
  }

  @Override
  public Allocated allocNested(
      IommuDevice device, IommuDomain parent, int domainFlags, UserData data) {
    if (data.type() != DATA_TYPE) {
      return new Allocated(null, Status.fail(Errno.EOPNOTSUPP, "unknown type of data"));
    }
    if (!(parent instanceof MockDomain paging) || !paging.nestParent()) {
      return new Allocated(null, Status.fail(Errno.EINVAL, "the parent is no nest parent"));
    }
    if (data.length() < DATA_BYTES) {
      return new Allocated(null, Status.fail(Errno.EINVAL, "the data is too short"));
    }
    byte[] bytes = data.read(DATA_BYTES);
    if (bytes == null) {
      return new Allocated(null, Status.fail(Errno.EFAULT, "the data cannot be read"));
    }
    int fill = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return new Allocated(new MockNestedDomain(this, iommu.nextDomainId(), paging, fill), Status.OK);
  }

  @Override
  public Status attach(IommuDevice device, IommuDomain domain) {
    return domain.dirtyTracking() && has(device, NO_DIRTY)
        ? Status.fail(Errno.EINVAL, "the domain tracks dirty pages, the device cannot")
        : Status.OK;
  }

  @Override
  public Status attachIdentity(IommuDevice device) {
    return Status.OK;
  }

  @Override
  public void attachBlocked(IommuDevice device) {}

  @Override
  public Status attachPasid(IommuDevice device, int pasid, IommuDomain domain) {
    if (!has(device, WITH_PASID)) {
      return Status.fail(Errno.EINVAL, "the device sends no PASIDs");
    }
    if (domain.dirtyTracking() && has(device, NO_DIRTY)) {
      return Status.fail(Errno.EINVAL, "the domain tracks dirty pages, the device cannot");
    }
    TreeMap<Integer, IommuDomain> attached = pasids.getOrDefault(device, new TreeMap<>());
    if (pasid == FAILING_PASID && attached.containsKey(pasid) && !failingArmed) {
      // The selftest's hook: the first replacement of this PASID fails.
      failingArmed = true;
      return Status.fail(Errno.ENOMEM, "injected failure");
    }
    attached.put(pasid, domain);
    return Status.OK;
  }

  @Override
  public boolean userPasidTable() {
    return true;
  }

  @Override
  public void removePasid(IommuDevice device, int pasid) {
    pasids.getOrDefault(device, new TreeMap<>()).remove(pasid);
  }

  /** The domain a PASID of a device is attached to, or null. */
  public @Nullable IommuDomain pasidDomain(IommuDevice device, int pasid) {
    return pasids.getOrDefault(device, new TreeMap<>()).get(pasid);
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
