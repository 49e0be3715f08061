package org.iommulab.linux.iommufd;

import java.util.Locale;
import java.util.Optional;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.iommu.FaultPageRequest;
import org.iommulab.linux.iommufd.pages.Unsigned;
import org.iommulab.linux.mock.MockDomain;
import org.iommulab.linux.mock.MockIommu;
import org.iommulab.linux.mock.MockNestedDomain;
import org.iommulab.linux.process.DmaBuf;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.SelftestUapi;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.UapiStruct;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/**
 * {@code IOMMU_TEST_CMD}: mock devices and looks behind the scenes, for trying iommufd's rules
 * (iommufd/selftest.c).
 */
final class SelftestIoctls {

  /** A batch of one page still fits. */
  private static final int LEAST_MEMORY = 12;

  private static final int MOST_BUFFER_PAGES = 512;

  private final IommufdContext context;
  private final MockIommu mock;
  private final SelftestAccesses accesses;

  SelftestIoctls(IommufdContext context) {
    this.context = context;
    this.mock = context.module().mock();
    this.accesses = new SelftestAccesses(context);
  }

  /** Carries out the operation that the structure names; what the ioctl returns. */
  SyscallResult ioctl(Process caller, long argument) {
    UserStruct.Fetched fetched = UserStruct.bySize(caller, SelftestUapi.IOMMU_TEST_CMD, argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return SyscallResult.of(fetched.status());
    }
    long op = arg.get("op");
    Optional<UapiStruct> declared =
        SelftestUapi.all().stream().filter(one -> one.field("op").preset() == op).findFirst();
    if (declared.isEmpty()) {
      return SyscallResult.fail(Errno.EOPNOTSUPP, "the selftest has no operation " + op);
    }
    var trace = context.parts().trace();
    if (trace.isOn()) {
      trace.enter("iommufd_test").text("op", declared.get().name()).number("id", arg.get("id"));
    }
    UserStruct own = arg.as(declared.get());
    return declared.get() == SelftestUapi.DMABUF_GET
        ? makeBuffer(own).leave(trace)
        : SyscallResult.of(context.parts().leave(run(declared.get(), own)));
  }

  private Status run(UapiStruct operation, UserStruct arg) {
    return switch (operation.name().substring("IOMMU_TEST_OP_".length())) {
      case "ADD_RESERVED" -> addReserved(arg);
      case "MOCK_DOMAIN" -> mockDomain(arg, 0);
      case "MOCK_DOMAIN_FLAGS" -> mockDomain(arg, arg.id("dev_flags"));
      case "MOCK_DOMAIN_REPLACE" -> replace(arg);
      case "MD_CHECK_MAP" -> checkMap(arg);
      case "MD_CHECK_REFS" -> checkReferences(arg);
      case "MD_CHECK_IOTLB" -> checkIotlb(arg);
      case "DEV_CHECK_CACHE" -> checkCache(arg);
      case "CREATE_ACCESS" -> accesses.create(arg);
      case "ACCESS_REPLACE_IOAS" -> accesses.replaceIoas(arg);
      case "ACCESS_PAGES" -> accesses.pinPages(arg);
      case "DESTROY_ACCESS_PAGES" -> accesses.unpinPages(arg);
      case "ACCESS_RW" -> accesses.readWrite(arg);
      case "SET_TEMP_MEMORY_LIMIT" -> limitMemory(arg);
      case "DIRTY" -> dirty(arg);
      case "TRIGGER_IOPF" -> triggerPageRequest(arg);
      case "TRIGGER_VEVENT" -> triggerEvent(arg);
      case "DMABUF_REVOKE" -> revokeBuffer(arg);
      case "PASID_ATTACH", "PASID_REPLACE", "PASID_DETACH", "PASID_CHECK_HWPT" ->
          pasid(operation.name(), arg);
      default -> throw new IllegalStateException(operation.name() + " is declared, not done");
    };
  }

  private Status addReserved(UserStruct arg) {
    Ioas ioas = context.find(arg.id("id"), Ioas.class);
    if (ioas == null) {
      return IommufdContext.none("IOAS", arg.id("id"));
    }
    long start = arg.get("start");
    long last = start + arg.get("length") - 1;
    if (Long.compareUnsigned(last, start) < 0) {
      return Status.fail(Errno.EINVAL, "the range has no byte, or goes past 2^64");
    }
    return ioas.table().reserve(start, last, null);
  }

  // ---- dma-bufs ---------------------------------------------------------------------------------

  /** Unlike all others, its result is what the ioctl returns: a descriptor. */
  private SyscallResult makeBuffer(UserStruct arg) {
    long pages = Page.count(arg.get("length"));
    if (pages == 0 || pages > MOST_BUFFER_PAGES) {
      return SyscallResult.fail(
          Errno.EINVAL, "a dma-buf of the selftest has 1 to " + MOST_BUFFER_PAGES + " pages");
    }
    DmaBuf buffer = DmaBuf.ofMemory(context.parts(), pages);
    if (buffer == null) {
      return SyscallResult.fail(Errno.ENOMEM, "there is no memory for the dma-buf");
    }
    int fd = arg.process().install(buffer);
    return fd < 0
        ? SyscallResult.fail(Errno.EMFILE, "there is no free descriptor")
        : SyscallResult.ok(fd);
  }

  private Status revokeBuffer(UserStruct arg) {
    OpenFile file = arg.process().file(arg.id("dmabuf_fd"));
    if (file == null) {
      return Status.fail(Errno.EBADF, "dmabuf_fd is not open");
    }
    if (!(file instanceof DmaBuf buffer)) {
      return Status.fail(Errno.EINVAL, "dmabuf_fd is no dma-buf");
    }
    buffer.setRevoked(arg.get("revoked") != 0);
    return Status.OK;
  }

  // ---- devices ----------------------------------------------------------------------------------

  private Status mockDomain(UserStruct arg, int flags) {
    if (!MockIommu.knowsFlags(flags)) {
      return Status.fail(Errno.EINVAL, "unknown device flags");
    }
    Status status = context.parts().allocate("struct selftest_obj");
    if (!status.failed()) {
      status = context.parts().allocate("struct mock_dev");
    }
    if (status.failed()) {
      return status;
    }
    var device = new SelftestDevice(context, context.nextId(), flags);
    context.add(device);
    IommufdFile.Attached attached = device.bindAndAttach(arg.id("id"));
    if (attached.status().failed()) {
      context.remove(device);
      return attached.status();
    }
    arg.put("out_hwpt_id", attached.ptId());
    arg.put("out_idev_id", device.bound().id());
    return context.finish(arg, "out_stdev_id", device);
  }

  private @Nullable SelftestDevice device(UserStruct arg) {
    return context.find(arg.id("id"), SelftestDevice.class);
  }

  private static Status noDevice(UserStruct arg) {
    return IommufdContext.none("mock device", arg.id("id"));
  }

  private Status replace(UserStruct arg) {
    SelftestDevice device = device(arg);
    if (device == null) {
      return noDevice(arg);
    }
    return settled(device.bound().attachments().replace(Pasid.OF_REQUESTER, arg.id("pt_id")), arg);
  }

  private static Status settled(IommufdFile.Attached attached, UserStruct arg) {
    if (attached.status().failed()) {
      return attached.status();
    }
    arg.put("pt_id", attached.ptId());
    return arg.copyOut();
  }

  private Status pasid(String operation, UserStruct arg) {
    SelftestDevice device = device(arg);
    if (device == null) {
      return noDevice(arg);
    }
    Pasid pasid = new Pasid(arg.id("pasid"));
    if (operation.endsWith("DETACH")) {
      device.bound().attachments().detach(pasid);
      return Status.OK;
    }
    if (operation.endsWith("CHECK_HWPT")) {
      HwPagetable attached = device.bound().attachments().attachedTo(pasid);
      int hwpt = attached == null ? 0 : attached.id();
      return hwpt == arg.id("hwpt_id")
          ? Status.OK
          : Status.fail(Errno.EINVAL, "PASID " + pasid + " is attached to HWPT " + hwpt);
    }
    return settled(
        operation.endsWith("ATTACH")
            ? device.bound().attachments().attach(pasid, arg.id("pt_id"))
            : device.bound().attachments().replace(pasid, arg.id("pt_id")),
        arg);
  }

  private Status triggerPageRequest(UserStruct arg) {
    IommufdDevice device = context.find(arg.id("dev_id"), IommufdDevice.class);
    if (device == null) {
      return IommufdContext.none("device", arg.id("dev_id"));
    }
    int pasid = arg.id("pasid");
    // Nobody to handle it is answered to the device; the trigger itself has worked.
    device
        .device()
        .reportFault(
            new FaultPageRequest(
                true,
                pasid == 0 ? Pasid.NONE : new Pasid(pasid),
                arg.id("grpid"),
                arg.id("perm"),
                arg.get("addr")));
    return Status.OK;
  }

  private Status triggerEvent(UserStruct arg) {
    IommufdDevice device = context.find(arg.id("dev_id"), IommufdDevice.class);
    if (device == null) {
      return IommufdContext.none("device", arg.id("dev_id"));
    }
    Vdevice vdevice = device.vdevice();
    return vdevice == null
        ? Status.fail(Errno.ENOENT, device.name() + " is no virtual device")
        : MockIommu.triggerEvent(vdevice.viommu(), vdevice.virtId());
  }

  // ---- looks behind the scenes ------------------------------------------------------------------

  private @Nullable MockDomain domain(UserStruct arg) {
    HwptPaging hwpt = context.find(arg.id("id"), HwptPaging.class);
    return hwpt != null && hwpt.domain() instanceof MockDomain domain ? domain : null;
  }

  private static Status noDomain(UserStruct arg) {
    return Status.fail(Errno.EINVAL, "object " + arg.id("id") + " is no paging HWPT of the mock");
  }

  /** Every mock page of a range must show the page behind the user's address. */
  private Status checkMap(UserStruct arg) {
    MockDomain domain = domain(arg);
    if (domain == null) {
      return noDomain(arg);
    }
    long iova = arg.get("iova");
    long length = arg.get("length");
    long user = arg.get("uptr");
    if (((iova | length | user) & MockDomain.PAGE - 1) != 0) {
      return Status.fail(Errno.EINVAL, "the range is not made of mock pages");
    }
    for (long at = 0; Unsigned.less(at, length); at += MockDomain.PAGE) {
      long frame = arg.process().pfn(user + at);
      long wanted = Page.address(frame) | ((user + at) & 4095);
      if (frame < 0 || domain.iovaToPhys(iova + at) != wanted) {
        return Status.fail(
            Errno.EINVAL,
            String.format(
                Locale.ROOT,
                "0x%x shows 0x%x, not 0x%x",
                iova + at,
                domain.iovaToPhys(iova + at),
                wanted));
      }
    }
    return Status.OK;
  }

  /** Every page of user memory must be pinned exactly so often. */
  private Status checkReferences(UserStruct arg) {
    long user = arg.get("uptr");
    long length = arg.get("length");
    if (!Page.isWhole(user | length)) {
      return Status.fail(Errno.EINVAL, "the range is not made of pages");
    }
    Process process = arg.process();
    for (long at = 0; Unsigned.less(at, length); at += 4096) {
      int pins = process.memory().pinsAt(user + at);
      if (pins < 0) {
        return Status.fail(
            Errno.EFAULT, String.format(Locale.ROOT, "there is no memory at 0x%x", user + at));
      }
      if (pins != arg.get("refs")) {
        return Status.fail(
            Errno.EIO,
            String.format(Locale.ROOT, "the page at 0x%x is pinned %d times", user + at, pins));
      }
    }
    return Status.OK;
  }

  private Status checkIotlb(UserStruct arg) {
    HwptNested hwpt = context.find(arg.id("id"), HwptNested.class);
    if (hwpt == null || !(hwpt.domain() instanceof MockNestedDomain domain)) {
      return Status.fail(Errno.EINVAL, "object " + arg.id("id") + " is no nested HWPT of the mock");
    }
    int slot = arg.id("slot");
    boolean exists = slot >= 0 && slot < MockNestedDomain.SLOTS;
    return exists && domain.slot(slot) == arg.id("iotlb")
        ? Status.OK
        : Status.fail(Errno.EINVAL, "slot " + slot + " has another value or does not exist");
  }

  private Status checkCache(UserStruct arg) {
    IommufdDevice device = context.find(arg.id("id"), IommufdDevice.class);
    if (device == null || device.device().ops() != mock) {
      return Status.fail(Errno.EINVAL, "object " + arg.id("id") + " is no device of the mock");
    }
    int slot = arg.id("slot");
    boolean exists = slot >= 0 && slot < MockIommu.CACHE_SLOTS;
    return exists && mock.cache(device.device(), slot) == arg.id("cache")
        ? Status.OK
        : Status.fail(Errno.EINVAL, "slot " + slot + " has another value or does not exist");
  }

  private Status limitMemory(UserStruct arg) {
    if (arg.get("limit") < LEAST_MEMORY) {
      return Status.fail(Errno.EINVAL, "the kernel needs at least " + LEAST_MEMORY + " bytes");
    }
    context.module().setTemporaryBytes(arg.get("limit"));
    return Status.OK;
  }

  /** What a device's writes do: every page with a bit set in the user's bitmap becomes dirty. */
  private Status dirty(UserStruct arg) {
    long iova = arg.get("iova");
    long length = arg.get("length");
    long page = arg.get("page_size");
    boolean odd =
        page == 0
            || arg.get("uptr") == 0
            || Long.remainderUnsigned(iova, page) != 0
            || Long.remainderUnsigned(length, page) != 0;
    if (odd) {
      return Status.fail(Errno.EINVAL, "the range is not made of pages, or uptr is null");
    }
    MockDomain domain = domain(arg);
    if (domain == null || !domain.dirtyTracking()) {
      return noDomain(arg);
    }
    long count = 0;
    byte[] one = new byte[1];
    long pages = Long.divideUnsigned(length, page);
    for (long i = 0; i < pages; i++) {
      if (!arg.process().read(arg.get("uptr") + (i >>> 3), one)) {
        return Status.fail(Errno.EFAULT, "the bitmap cannot be read");
      }
      boolean set = (one[0] >>> (i & 7) & 1) != 0;
      count += set && domain.deviceWrites(iova + i * page) ? 1 : 0;
    }
    arg.put("out_nr_dirty", count);
    return arg.copyOut();
  }
}
