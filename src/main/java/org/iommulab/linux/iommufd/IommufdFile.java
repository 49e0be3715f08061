package org.iommulab.linux.iommufd;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommu.Protection;
import org.iommulab.linux.iommufd.pages.IoptArea;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.SelftestUapi;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiStruct;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** An open {@code /dev/iommu}, or {@code /dev/vfio/vfio} served by iommufd. */
public final class IommufdFile extends OpenFile {

  private static final int FIRST = 0x3B80;

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
    int number = command & 0xFF;
    if (number < (FIRST & 0xFF) || number > context.parts().era().lastIommufdCommand()) {
      if (trace.isOn()) {
        trace.enter("iommufd_vfio_ioctl").hex("cmd", command).hex("arg", argument);
      }
      return vfio.ioctl(caller, command, argument).leave(trace);
    }
    return dispatch(caller, command, argument);
  }

  private SyscallResult dispatch(Process caller, int command, long argument) {
    if (!caller.read(argument, new byte[Integer.BYTES])) {
      return SyscallResult.fail(Errno.EFAULT, "the size field cannot be read");
    }
    Optional<UapiStruct> declared = Uapi.numbered(command);
    if (declared.isEmpty()) {
      return SyscallResult.fail(Errno.ENOTTY, "iommufd has no such ioctl");
    }
    UserStruct.Fetched fetched = UserStruct.bySize(caller, declared.get(), argument);
    UserStruct arg = fetched.struct();
    if (arg == null) {
      return SyscallResult.of(fetched.status());
    }
    if (command == SelftestUapi.NUMBER) {
      return selftest.run(arg);
    }
    if (trace.isOn()) {
      trace.enter(declared.get().name().toLowerCase(Locale.ROOT).replace("iommu_", "iommufd_"));
      declared.get().fields().stream()
          .filter(field -> !field.name().startsWith("__") && !field.name().equals("size"))
          .forEach(field -> trace.hex(field.name(), arg.get(field.name())));
    }
    return SyscallResult.of(context.parts().leave(handle(command, arg)));
  }

  private Status handle(int command, UserStruct arg) {
    return switch (command) {
      case 0x3B80 -> context.destroy(arg.id("id"));
      case 0x3B81 -> ioas.alloc(arg);
      case 0x3B82 -> ioas.allowIovas(arg);
      case 0x3B83 -> ioas.copy(arg);
      case 0x3B84 -> ioas.iovaRanges(arg);
      case 0x3B85 -> ioas.map(arg);
      case 0x3B86 -> ioas.unmap(arg);
      case 0x3B87 -> option.option(arg);
      case 0x3B88 -> option.vfioIoas(arg);
      case 0x3B89 -> hwpt.alloc(arg);
      case 0x3B8A -> hwpt.hardwareInfo(arg);
      case 0x3B8B -> dirty.setTracking(arg);
      case 0x3B8C -> dirty.bitmap(arg);
      case 0x3B8D -> hwpt.invalidate(arg);
      case 0x3B8F -> ioas.mapFile(arg);
      case 0x3B92 -> ioas.changeProcess(arg);
      case 0x3B90 -> virtual.allocViommu(arg);
      case 0x3B91 -> virtual.allocVdevice(arg);
      case 0x3B93 -> virtual.allocEventQueue(arg);
      case 0x3B94 -> virtual.allocHardwareQueue(arg);
      case 0x3B8E -> virtual.allocFaultQueue(arg);
      default -> Status.fail(Errno.ENOTTY, "iommufd has no such ioctl");
    };
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

    /** Attaches, or replaces what is attached. */
    public Attached attach(int pasid, int ptId) {
      Attachments attachments = device.attachments();
      return attachments.attached(pasid)
          ? attachments.replace(pasid, ptId)
          : attachments.attach(pasid, ptId);
    }

    /** Detaches; nothing happens if it is not attached. */
    public void detach(int pasid) {
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
