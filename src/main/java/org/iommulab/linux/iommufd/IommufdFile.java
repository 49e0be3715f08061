package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.iommufd.pages.IoptArea;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.IoctlTable;
import org.iommulab.linux.uapi.SelftestUapi;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiStruct;
import org.iommulab.memory.Page;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** An open {@code /dev/iommu}, or {@code /dev/vfio/vfio} served by iommufd. */
public final class IommufdFile extends OpenFile {

  private interface Handler {
    Status handle(IommufdFile file, UserStruct arg);
  }

  /** {@code iommufd_ioctl_ops}. */
  private static final IoctlTable<Handler> IOCTLS =
      new IoctlTable<Handler>()
          .on(Uapi.IOMMU_DESTROY, (file, arg) -> file.context.destroy(arg.process(), arg.id("id")))
          .on(Uapi.IOMMU_IOAS_ALLOC, (file, arg) -> file.ioas.alloc(arg))
          .on(Uapi.IOMMU_IOAS_ALLOW_IOVAS, (file, arg) -> file.ioas.allowIovas(arg))
          .on(Uapi.IOMMU_IOAS_COPY, (file, arg) -> file.ioas.copy(arg))
          .on(Uapi.IOMMU_IOAS_IOVA_RANGES, (file, arg) -> file.ioas.iovaRanges(arg))
          .on(Uapi.IOMMU_IOAS_MAP, (file, arg) -> file.ioas.map(arg))
          .on(Uapi.IOMMU_IOAS_UNMAP, (file, arg) -> file.ioas.unmap(arg))
          .on(Uapi.IOMMU_OPTION, (file, arg) -> file.option.option(arg))
          .on(Uapi.IOMMU_VFIO_IOAS, (file, arg) -> file.option.vfioIoas(arg))
          .on(Uapi.IOMMU_HWPT_ALLOC, (file, arg) -> file.hwpt.alloc(arg))
          .on(Uapi.IOMMU_GET_HW_INFO, (file, arg) -> file.hwpt.hardwareInfo(arg))
          .on(Uapi.IOMMU_HWPT_SET_DIRTY_TRACKING, (file, arg) -> file.dirty.setTracking(arg))
          .on(Uapi.IOMMU_HWPT_GET_DIRTY_BITMAP, (file, arg) -> file.dirty.bitmap(arg))
          .on(Uapi.IOMMU_HWPT_INVALIDATE, (file, arg) -> file.hwpt.invalidate(arg))
          .on(Uapi.IOMMU_FAULT_QUEUE_ALLOC, (file, arg) -> file.virtual.allocFaultQueue(arg))
          .on(Uapi.IOMMU_IOAS_MAP_FILE, (file, arg) -> file.ioas.mapFile(arg))
          .on(Uapi.IOMMU_VIOMMU_ALLOC, (file, arg) -> file.virtual.allocViommu(arg))
          .on(Uapi.IOMMU_VDEVICE_ALLOC, (file, arg) -> file.virtual.allocVdevice(arg))
          .on(Uapi.IOMMU_IOAS_CHANGE_PROCESS, (file, arg) -> file.ioas.changeProcess(arg))
          .on(Uapi.IOMMU_VEVENTQ_ALLOC, (file, arg) -> file.virtual.allocEventQueue(arg))
          .on(Uapi.IOMMU_HW_QUEUE_ALLOC, (file, arg) -> file.virtual.allocHardwareQueue(arg));

  /** Offsets are given from the first page on, and never reach that far. */
  private static final long MAPPABLE_BYTES = 1L << 30;

  private final IommufdContext context;
  private final CallTrace trace;
  private final IoasIoctls ioas;
  private final HwptIoctls hwpt;
  private final DirtyIoctls dirty;
  private final OptionIoctls option;
  private final VirtualIoctls virtual;
  private final VfioCompat vfio;
  private final SelftestIoctls selftest;

  IommufdFile(String path, IommufdContext context) {
    super(path);
    this.context = context;
    this.trace = context.parts().trace();
    this.ioas = new IoasIoctls(context);
    this.hwpt = new HwptIoctls(context);
    this.dirty = new DirtyIoctls(context);
    this.option = new OptionIoctls(context);
    this.virtual = new VirtualIoctls(context);
    this.vfio = new VfioCompat(context);
    this.selftest = new SelftestIoctls(context);
    context.setFile(this);
  }

  @Override
  public SyscallResult ioctl(Process caller, int command, long argument) {
    if (command == SelftestUapi.NUMBER) {
      return dispatch(caller, command, argument);
    }
    // The number alone chooses a row of the table; type and direction are compared with it later.
    int number = nr(command);
    if (number < nr(Uapi.IOMMU_DESTROY.number())
        || number > nr(context.parts().era().lastIommufdCommand().number())) {
      if (trace.isOn()) {
        trace.enter("iommufd_vfio_ioctl").hex("cmd", command).hex("arg", argument);
      }
      return vfio.ioctl(caller, command, argument).leave(trace);
    }
    return dispatch(caller, command, argument);
  }

  /** {@code _IOC_NR()}. */
  private static int nr(int command) {
    return command & 0xFF;
  }

  private SyscallResult dispatch(Process caller, int command, long argument) {
    if (!caller.read(argument, new byte[Integer.BYTES])) {
      return SyscallResult.fail(Errno.EFAULT, "the size field cannot be read");
    }
    if (command == SelftestUapi.NUMBER) {
      return selftest.ioctl(caller, argument);
    }
    IoctlTable.Row<Handler> row = IOCTLS.row(command);
    if (row == null) {
      return SyscallResult.fail(Errno.ENOTTY, "iommufd has no such ioctl");
    }
    UapiStruct struct = row.command();
    UserStruct.Fetched fetched = UserStruct.bySize(caller, struct, argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return SyscallResult.of(fetched.status());
    }
    if (trace.isOn()) {
      trace.enter(struct.name().toLowerCase(Locale.ROOT).replace("iommu_", "iommufd_"));
      struct.fields().stream()
          .filter(field -> !field.name().startsWith("__") && !field.name().equals("size"))
          .forEach(field -> trace.hex(field.name(), arg.get(field.name())));
    }
    return SyscallResult.of(context.parts().leave(row.handler().handle(this, arg)));
  }

  // ---- mapping ----------------------------------------------------------------------------------

  @Override
  public List<Window> windows() {
    return context.windows().stream().map(IommufdContext.Mappable::window).toList();
  }

  @Override
  public long mappableBytes() {
    return context.parts().era().mapsIommufd() ? MAPPABLE_BYTES : 0;
  }

  /** {@code iommufd_fops_mmap()}: one of the windows, and all of it. */
  @Override
  public Status map(long offset, long length) {
    if (!context.parts().era().mapsIommufd()) {
      return super.map(offset, length);
    }
    long bytes = Page.roundUp(length);
    return windows().stream()
            .anyMatch(one -> one.offset() == offset && one.physical().size() == bytes)
        ? Status.OK
        : Status.fail(Errno.ENXIO, "nothing that can be mapped lies just there");
  }

  @Override
  public byte @Nullable [] shownAt(long offset, int length) {
    for (Window window : windows()) {
      if (offset == window.offset()) {
        byte[] bytes = new byte[length];
        context.parts().memory().read(window.physical().start(), bytes, 0, length);
        return bytes;
      }
    }
    return null;
  }

  @Override
  protected void release() {
    context.close();
    context.module().released();
  }

  // ---- what VFIO drivers call -------------------------------------------------------------------

  /**
   * How an attach or replace ended.
   *
   * @param ptId id of the HWPT it settled on, if it did not fail
   */
  public record Attached(Status status, int ptId) {

    static Attached fail(Status status) {
      return new Attached(status, 0);
    }
  }

  /** A device bound to this context, for the driver that bound it. */
  public static final class Binding {
    private final IommufdDevice device;

    private Binding(IommufdDevice device) {
      this.device = device;
    }

    /** The device's object id. */
    public int deviceId() {
      return device.id();
    }

    /** Tells whether both are bound to one open iommufd. */
    public boolean sharesContextWith(Binding other) {
      return device.context() == other.device.context();
    }

    /** Attaches, or replaces what is attached. */
    public Attached attach(Pasid pasid, int ptId) {
      Attachments attachments = device.attachments();
      return attachments.attached(pasid)
          ? attachments.replace(pasid, ptId)
          : attachments.attach(pasid, ptId);
    }

    /** Detaches; nothing happens if it is not attached. */
    public void detach(Pasid pasid) {
      device.attachments().detach(pasid);
    }

    /** Detaches and unbinds. */
    public void unbind() {
      device.unbind();
    }
  }

  /** A binding, or why there is none. */
  public record Bound(@Nullable Binding binding, Status status) {}

  /** Binds a device to this context. */
  public Bound bind(IommuDevice device) {
    IommufdDevice.Bound bound = IommufdDevice.bind(context, device);
    IommufdDevice made = bound.device();
    return new Bound(made == null ? null : new Binding(made), bound.status());
  }

  IommufdContext context() {
    return context;
  }

  /** Makes the IOAS that VFIO's ioctls act on, unless there is one. */
  public void createCompatIoas() {
    context.createCompatIoas();
  }

  /** Id of the IOAS that VFIO's ioctls act on, 0 without. */
  public int compatIoas() {
    Ioas compat = context.vfioIoas();
    return compat == null ? 0 : compat.id();
  }

  // ---- what views show --------------------------------------------------------------------------

  /**
   * One object for people.
   *
   * @param domain number of the domain behind a HWPT, else 0
   */
  public record ObjectFacts(
      int id,
      String type,
      int users,
      List<String> heldBy,
      @Nullable String refusal,
      int domain,
      List<AreaFacts> areas,
      List<String> facts) {}

  /** One mapping for people. */
  public record AreaFacts(long iova, long length, long userAddress, String rights) {}

  /** All objects by id. */
  public List<ObjectFacts> objects() {
    var all = new ArrayList<ObjectFacts>();
    for (IommufdObject object : context.objects()) {
      all.add(
          new ObjectFacts(
              object.id(),
              object.type(),
              object.users(),
              object.holders(),
              context.refusal(object),
              object instanceof HwPagetable pagetable ? pagetable.domain().id() : 0,
              object instanceof Ioas space ? areas(space) : List.of(),
              object.facts()));
    }
    return all;
  }

  private static List<AreaFacts> areas(Ioas space) {
    var areas = new ArrayList<AreaFacts>();
    for (IoptArea area : space.table().areas().all()) {
      String rights =
          ((area.prot() & Protection.READ) != 0 ? "r" : "-")
              + ((area.prot() & Protection.WRITE) != 0 ? "w" : "-");
      long user = area.source().userAddress() + area.byteOf(area.start());
      areas.add(new AreaFacts(area.start(), area.length(), user, rights));
    }
    return areas;
  }
}
