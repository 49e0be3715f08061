package org.iommulab.linux.intel;

import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.intel.table.ClassicPageTable;
import org.iommulab.linux.intel.table.GenericPageTable;
import org.iommulab.linux.intel.table.StageOne;
import org.iommulab.linux.intel.table.TableFormat;
import org.iommulab.linux.iommu.DomainType;
import org.iommulab.linux.iommu.IommuDomain;
import org.iommulab.linux.iommu.IommuOps;
import org.iommulab.linux.iommu.IommuOps.Allocated;
import org.iommulab.linux.iommu.IommuSubsystem;
import org.iommulab.linux.iommu.PagingDomain;
import org.iommulab.linux.mm.AddressSpace;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.Page;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;

/** Makes domains that fit the unit behind a device. */
final class DomainAllocator {

  private static final int KNOWN_FLAGS =
      IommuOps.NEST_PARENT | IommuOps.DIRTY_TRACKING | IommuOps.PASID;

  private final KernelParts parts;
  private final IommuSubsystem subsystem;
  private final IommuOps driver;
  private final PasidEntries entries;

  DomainAllocator(
      KernelParts parts, IommuSubsystem subsystem, IommuOps driver, PasidEntries entries) {
    this.parts = parts;
    this.subsystem = subsystem;
    this.driver = driver;
    this.entries = entries;
  }

  /** {@code intel_iommu_domain_alloc_paging_flags()}. */
  Allocated<PagingDomain> paging(IntelUnit unit, DomainType type, int flags) {
    if ((flags & ~KNOWN_FLAGS) != 0) {
      return refuse(Errno.EOPNOTSUPP, "unknown domain flags");
    }
    if ((flags & IommuOps.NEST_PARENT) != 0 && !unit.nestedSupported()) {
      return refuse(Errno.EOPNOTSUPP, unit.name() + " cannot nest");
    }
    if ((flags & IommuOps.DIRTY_TRACKING) != 0 && !unit.dirtySupported()) {
      return refuse(Errno.EOPNOTSUPP, unit.name() + " keeps no dirty bits");
    }
    boolean first = firstStage(unit, type, flags);
    int levels = first ? firstStageLevels(unit) : unit.agaw() + 2;
    long root = parts.frames().allocate();
    if (root < 0) {
      return refuse(Errno.ENOMEM, "no page frame for the top table");
    }
    unit.flushTable(Page.address(root), 4096);
    DmarDomain.Table table =
        table(
            unit,
            root,
            levels,
            first ? TableFormat.FIRST_STAGE : TableFormat.SECOND_STAGE,
            first ? unit.firstStagePageSizes() : unit.pageSizes());
    return new Allocated<>(
        new DmarDomain(
            parts, subsystem.api(), driver, entries, subsystem.nextDomainId(), type, table, flags),
        Status.OK);
  }

  private DmarDomain.Table table(
      IntelUnit unit, long root, int levels, TableFormat format, long sizes) {
    int superpages = sizes >= 1L << 30 ? 2 : sizes >= 1L << 21 ? 1 : 0;
    boolean coherent = unit.coherent();
    var classic = new ClassicPageTable(parts, root, levels, superpages, format, coherent);
    GenericPageTable generic =
        parts.walker() == Walker.GENERIC_PT
            ? new GenericPageTable(
                parts, root, levels, tableBits(unit, levels), format, sizes, coherent)
            : null;
    boolean first = format == TableFormat.FIRST_STAGE;
    return new DmarDomain.Table(format, classic, generic, sizes, addressBits(unit, levels, first));
  }

  /**
   * Which stage translates: up to Linux 6.12 the kernel's own domains took the first stage and user
   * space's the second one; later everything takes the first that does not need the second.
   */
  private boolean firstStage(IntelUnit unit, DomainType type, int flags) {
    boolean possible = unit.scalable() && unit.extended(ExtendedCapabilityLayout.FSTS);
    if (!possible || (flags & (IommuOps.NEST_PARENT | IommuOps.DIRTY_TRACKING)) != 0) {
      return false;
    }
    if (parts.era().atLeast(Era.V6_18) || !unit.extended(ExtendedCapabilityLayout.SSTS)) {
      return true;
    }
    return type != DomainType.UNMANAGED;
  }

  private int firstStageLevels(IntelUnit unit) {
    if (parts.walker() == Walker.CLASSIC) {
      return unit.agaw() + 2;
    }
    boolean deep = widestGuest(unit) > 48 && unit.capable(CapabilityLayout.FS5LP);
    return deep ? 5 : 4;
  }

  /**
   * How many bits of an address its table tells apart: no more than its depth and the unit's MGAW
   * allow ({@code compute_vasz_lg2_fs()}).
   */
  private static int tableBits(IntelUnit unit, int levels) {
    return Math.min(12 + 9 * levels, widestGuest(unit));
  }

  /** A first stage is meant for the lower canonical half only. */
  private static int addressBits(IntelUnit unit, int levels, boolean first) {
    return first ? tableBits(unit, levels) - 1 : tableBits(unit, levels);
  }

  private static int widestGuest(IntelUnit unit) {
    return (int) CapabilityLayout.MGAW.get(unit.registers().cap()) + 1;
  }

  /** {@code intel_iommu_domain_alloc_nested()}. */
  Allocated<IommuDomain> nested(
      IntelUnit unit, IommuDomain parent, int flags, IommuOps.UserData data) {
    if (!unit.nestedSupported() || (flags & ~IommuOps.PASID) != 0) {
      return refuse(Errno.EOPNOTSUPP, unit.name() + " cannot nest, or unknown flags");
    }
    if (data.type() != StageOne.DATA_TYPE) {
      return refuse(Errno.EOPNOTSUPP, "the data is not of type VTD_S1");
    }
    if (!(parent instanceof DmarDomain paging) || !paging.nestedParent()) {
      return refuse(Errno.EINVAL, "the parent was not made as a nest parent");
    }
    if (data.length() != StageOne.BYTES) {
      return refuse(Errno.EINVAL, "VTD_S1 data has " + StageOne.BYTES + " bytes");
    }
    byte[] bytes = data.read(StageOne.BYTES);
    if (bytes == null) {
      return refuse(Errno.EFAULT, "the data cannot be read");
    }
    var domain =
        new NestedDomain(entries, driver, subsystem.nextDomainId(), paging, StageOne.of(bytes));
    return new Allocated<>(domain, Status.OK);
  }

  /** {@code intel_svm_domain_alloc()}. */
  Allocated<IommuDomain> sva(DeviceInfo info, AddressSpace space) {
    if (!info.unit().svmCapable()) {
      return refuse(Errno.ENODEV, info.unit().name() + " cannot share processes' page tables");
    }
    if (!info.pasid() || !info.ats()) {
      return refuse(Errno.EINVAL, info.device() + " needs PASIDs and a device-TLB");
    }
    if (space.pgd() < 0) {
      return refuse(Errno.ENOMEM, "no page frame for the process' top table");
    }
    return new Allocated<>(
        new SvaDomain(parts, entries, driver, subsystem.nextDomainId(), space), Status.OK);
  }

  static Allocated refuse(Errno errno, String cause) {
    return new Allocated<>(null, Status.fail(errno, cause));
  }
}
