package org.iommulab.linux.vfio;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.iommulab.bus.Mmio;
import org.iommulab.bus.PciFunction;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.boot.KernelParts;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.iommufd.IommufdFile;
import org.iommulab.linux.pci.Interrupts;
import org.iommulab.linux.process.DmaBuf;
import org.iommulab.linux.process.EventCounter;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.IoctlTable;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiFlags;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/** A PCI function in the hands of vfio-pci ({@code struct vfio_device}). */
final class VfioDevice {

  private static final int REGIONS = 9;
  private static final int CONFIG_REGION = 7;

  /** Where in an offset the number of its region begins. */
  static final int REGION_SHIFT = 40;

  private static final long REGION_MASK = (1L << REGION_SHIFT) - 1;

  /** Bytes that one read or write moves at most. */
  private static final int MOST = 1 << 20;

  private interface Handler {
    Status handle(VfioDevice device, UserStruct arg);
  }

  private static final IoctlTable<Handler> IOCTLS =
      new IoctlTable<Handler>()
          .on(Uapi.VFIO_DEVICE_GET_INFO, VfioDevice::info)
          .on(Uapi.VFIO_DEVICE_GET_REGION_INFO, VfioDevice::regionInfo)
          .on(Uapi.VFIO_DEVICE_GET_IRQ_INFO, (device, arg) -> device.interrupts.info(arg))
          .on(Uapi.VFIO_DEVICE_SET_IRQS, (device, arg) -> device.interrupts.set(arg))
          .on(
              Uapi.VFIO_DEVICE_GET_PCI_HOT_RESET_INFO,
              (device, arg) -> device.bus.info(device, arg))
          .on(Uapi.VFIO_DEVICE_PCI_HOT_RESET, (device, arg) -> device.bus.reset(device, arg));

  /** Those that say everything with their number. */
  private static final IoctlTable<Function<VfioDevice, Status>> ACTS =
      new IoctlTable<Function<VfioDevice, Status>>().on(Uapi.VFIO_DEVICE_RESET, VfioDevice::reset);

  private final KernelParts parts;
  private final IommuDevice device;
  private final int number;
  private final HotReset bus;
  private final VfioPciConfig config;
  private final VfioPciInterrupts interrupts;
  private final List<DmaBuf> exported = new ArrayList<>();
  private @Nullable VfToken token;
  private @Nullable VfioDevice physical;
  private boolean sleeps;
  private EventCounter.@Nullable Held wakeup;
  private int opens;
  private boolean openedAsCharacterDevice;
  private IommufdFile.@Nullable Binding binding;

  VfioDevice(
      KernelParts parts, IommuDevice device, int number, Interrupts interrupts, HotReset bus) {
    this.parts = parts;
    this.device = device;
    this.number = number;
    this.bus = bus;
    this.config = new VfioPciConfig(device.pci(), this::resetFunction);
    this.interrupts = new VfioPciInterrupts(device.pci(), config, interrupts);
  }

  /** It is a virtual function of another one. */
  boolean isVirtual() {
    return device.pci().physicalFunction() != null;
  }

  /** The token of its virtual functions, null if it has none. */
  @Nullable VfToken token() {
    return token;
  }

  /** It has virtual functions from now on. */
  void makeToken() {
    token = token == null ? new VfToken() : token;
  }

  /** The function whose virtual function it is, while vfio-pci has that; else null. */
  @Nullable VfioDevice physical() {
    return physical;
  }

  void setPhysical(@Nullable VfioDevice function) {
    physical = function;
  }

  /** Whether somebody who knows that token, or none, may open the device. */
  Status admits(byte @Nullable [] given) {
    return !parts.era().virtualFunctionTokens()
        ? Status.OK
        : VfToken.validate(this, physical, given);
  }

  /** It was opened (1) or closed (-1). */
  void countUse(int delta) {
    VfioDevice above = physical;
    VfToken shared = above == null ? null : above.token();
    if (shared != null) {
      shared.count(delta);
    }
  }

  IommuDevice device() {
    return device;
  }

  /** Number of its node {@code /dev/vfio/devices/vfioN}. */
  int number() {
    return number;
  }

  String address() {
    return device.pci().address();
  }

  int opens() {
    return opens;
  }

  void setOpens(int count) {
    opens = count;
  }

  boolean openedAsCharacterDevice() {
    return openedAsCharacterDevice;
  }

  void setOpenedAsCharacterDevice(boolean on) {
    openedAsCharacterDevice = on;
  }

  IommufdFile.@Nullable Binding binding() {
    return binding;
  }

  void setBinding(IommufdFile.@Nullable Binding bound) {
    binding = bound;
  }

  /** Drops the binding to an iommufd context, if there is one. */
  void unbind() {
    IommufdFile.Binding bound = binding;
    if (bound != null) {
      binding = null;
      bound.unbind();
    }
  }

  /** The ioctls that every open device file answers. */
  SyscallResult ioctl(Process caller, int command, long argument) {
    resume();
    if (command == Uapi.VFIO_DEVICE_FEATURE.number() && parts.era().atLeast(Era.V5_7)) {
      return new DeviceFeatures(parts, this).feature(caller, argument);
    }
    Function<VfioDevice, Status> act = ACTS.handler(command);
    if (act != null) {
      return SyscallResult.of(act.apply(this));
    }
    IoctlTable.Row<Handler> row = IOCTLS.row(command);
    if (row == null) {
      return SyscallResult.fail(Errno.ENOTTY, "vfio-pci has no such ioctl here");
    }
    UserStruct.Fetched fetched = UserStruct.byArgsz(caller, row.command(), argument);
    UserStruct arg = fetched.struct();
    return SyscallResult.of(arg == null ? fetched.status() : row.handler().handle(this, arg));
  }

  /** {@code VFIO_DEVICE_RESET}. */
  private Status reset() {
    if (!device.pci().resettable()) {
      return Status.fail(Errno.EINVAL, "the function cannot be reset by itself");
    }
    resetFunction();
    return Status.OK;
  }

  /**
   * {@code pci_try_reset_function()}: the function as after power-on, but for what its
   * configuration space says of it and where its messages go, which are written back.
   */
  void resetFunction() {
    move(true);
    powerOn();
    interrupts.restore();
    move(!config.enablesMemory());
  }

  private void powerOn() {
    PciFunction function = device.pci().function();
    if (function != null) {
      function.reset();
    }
  }

  /**
   * {@code vfio_pci_runtime_pm_entry()}: it may sleep until its user wakes it.
   *
   * @param event told when something else wakes it, which ends its sleep; null if it then goes on
   *     sleeping
   */
  Status sleep(EventCounter.@Nullable Held event) {
    move(true);
    if (sleeps) {
      return Status.fail(Errno.EINVAL, "the device may sleep already");
    }
    sleeps = true;
    wakeup = event;
    return Status.OK;
  }

  /** {@code vfio_pci_core_pm_exit()}. */
  Status wake() {
    endSleep();
    move(!config.enablesMemory());
    return Status.OK;
  }

  private void endSleep() {
    sleeps = false;
    if (wakeup != null) {
      wakeup.release();
      wakeup = null;
    }
  }

  /** {@code vfio_pci_core_runtime_resume()}: every call that needs the device wakes it. */
  void resume() {
    if (wakeup != null) {
      wakeup.signal();
      endSleep();
    }
  }

  /** Sets the token of its virtual functions ({@code vfio_pci_core_feature_token()}). */
  Status setToken(Process caller, long address) {
    VfToken shared = token;
    if (shared == null) {
      return Status.fail(Errno.ENOTTY, "the device has no virtual functions");
    }
    byte[] uuid = new byte[VfToken.BYTES];
    if (!caller.read(address, uuid)) {
      return Status.fail(Errno.EFAULT, "the token cannot be read");
    }
    shared.set(uuid);
    return Status.OK;
  }

  /** The last file is closed ({@code vfio_pci_dma_buf_cleanup()}). */
  void closed() {
    move(true);
    exported.clear();
    endSleep();
    interrupts.disableAll();
    powerOn();
    config.reset();
  }

  // ---- dma-bufs ---------------------------------------------------------------------------------

  /** Gives pieces of its windows away as a dma-buf, revoked while its memory is switched off. */
  DmaBuf export(List<AddressRange> pieces) {
    var buffer = new DmaBuf(parts, pieces, exported::remove);
    buffer.setRevoked(!config.enablesMemory());
    exported.add(buffer);
    return buffer;
  }

  /** {@code vfio_pci_dma_buf_move()}. */
  private void move(boolean revoked) {
    exported.forEach(buffer -> buffer.setRevoked(revoked));
  }

  // ---- regions ----------------------------------------------------------------------------------

  /** How far a device file can be mapped: to the end of its last window. */
  long mappableBytes() {
    List<AddressRange> bars = device.pci().bars();
    return bars.isEmpty()
        ? 0
        : ((long) bars.size() - 1 << REGION_SHIFT) + Page.roundUp(bars.getLast().size());
  }

  SyscallResult read(Process caller, long buffer, long length, long position) {
    resume();
    Mmio registers = registers(position);
    long offset = position & REGION_MASK;
    int count = (int) Math.clamp(regionSize(position) - offset, 0, Math.clamp(length, 0, MOST));
    Status reachable = reachable(position, length);
    if (length == 0 || reachable.failed()) {
      return SyscallResult.of(length == 0 ? Status.OK : reachable);
    }
    byte[] bytes = registers == null ? config.read((int) offset, count) : new byte[count];
    for (int done = 0; registers != null && done < count; ) {
      int size = size(offset + done, count - done);
      long value = readMapped(position + done, size);
      for (int i = 0; i < size; i++) {
        bytes[done++] = (byte) (value >>> 8 * i);
      }
    }
    return caller.write(buffer, bytes)
        ? SyscallResult.ok(count)
        : SyscallResult.fail(Errno.EFAULT, "the buffer cannot be written");
  }

  SyscallResult write(Process caller, long buffer, long length, long position) {
    resume();
    Mmio registers = registers(position);
    long offset = position & REGION_MASK;
    int count = (int) Math.clamp(regionSize(position) - offset, 0, Math.clamp(length, 0, MOST));
    Status reachable = reachable(position, length);
    if (length == 0 || reachable.failed()) {
      return SyscallResult.of(length == 0 ? Status.OK : reachable);
    }
    byte[] bytes = new byte[count];
    if (!caller.read(buffer, bytes)) {
      return SyscallResult.fail(Errno.EFAULT, "the buffer cannot be read");
    }
    if (registers == null) {
      config.write((int) offset, bytes);
      move(!config.enablesMemory());
    }
    for (int done = 0; registers != null && done < count; ) {
      int size = size(offset + done, count - done);
      long value = 0;
      for (int i = size - 1; i >= 0; i--) {
        value = value << 8 | bytes[done + i] & 0xFF;
      }
      writeMapped(position + done, size, value);
      done += size;
    }
    return SyscallResult.ok(count);
  }

  /** {@code vfio_pci_core_do_io_rw()}: the largest aligned pieces that fit. */
  private static int size(long offset, int left) {
    int size = 8;
    while (size > left || offset % size != 0) {
      size /= 2;
    }
    return size;
  }

  /** Since 5.8 the kernel itself looks whether a BAR answers; before, only the bus does. */
  private boolean refusesMemory() {
    return parts.era().guardsDeviceMemory() && !config.enablesMemory();
  }

  /** {@code vfio_pci_mmap_fault()}: whether a page of a BAR is there for who has it mapped. */
  boolean answersMapped() {
    return !refusesMemory() && !sleeps;
  }

  /**
   * What {@code vfio_pci_rw()}, {@code vfio_pci_bar_rw()} and {@code vfio_config_do_rw()} ask
   * first: a BAR is read to its end, configuration space not beyond it.
   */
  private Status reachable(long position, long length) {
    long offset = position & REGION_MASK;
    if (isBar(position) && offset < regionSize(position) && refusesMemory()) {
      return Status.fail(Errno.EIO, "the command register has the BARs switched off");
    }
    if (registers(position) == null) {
      return position >>> REGION_SHIFT != CONFIG_REGION
          ? Status.fail(Errno.EINVAL, "the device has nothing there to read or write")
          : length > config.bytes() - offset
              ? Status.fail(Errno.EFAULT, "configuration space ends before that")
              : Status.OK;
    }
    if (offset >= regionSize(position)) {
      return Status.fail(Errno.EINVAL, "the BAR ends before that");
    }
    return Status.OK;
  }

  private long regionSize(long position) {
    return isBar(position)
        ? device.pci().bars().get((int) (position >>> REGION_SHIFT)).size()
        : config.bytes();
  }

  private boolean isBar(long position) {
    return position >= 0 && position >>> REGION_SHIFT < device.pci().bars().size();
  }

  /** The registers behind the BAR at an offset; null if there are none. */
  private @Nullable Mmio registers(long position) {
    PciFunction function = device.pci().function();
    if (function == null || !isBar(position)) {
      return null;
    }
    return position >>> REGION_SHIFT == 0 ? function.window() : NOTHING;
  }

  /** A BAR that no registers are behind. */
  private static final Mmio NOTHING =
      new Mmio() {
        @Override
        public long read(int offset, int size) {
          return 0;
        }

        @Override
        public void write(int offset, int size, long value) {}
      };

  /** Tells whether its BARs show registers, so that every access to them counts. */
  boolean hasRegisters() {
    return registers(0) != null;
  }

  /** What a program that has mapped a BAR with registers reads there. */
  long readMapped(long position, int size) {
    Mmio registers = registers(position);
    if (registers == null) {
      return 0;
    }
    // Who asks for what nobody answers gets all ones.
    return config.enablesMemory()
        ? registers.read((int) (position & REGION_MASK), size)
        : -1L >>> Long.SIZE - 8 * size;
  }

  /** A program that has mapped a BAR with registers writes there. */
  void writeMapped(long position, int size, long value) {
    Mmio registers = registers(position);
    if (registers != null && config.enablesMemory()) {
      registers.write((int) (position & REGION_MASK), size, value);
    }
  }

  /** Its BARs as parts of a device file. */
  List<OpenFile.Window> windows() {
    var windows = new ArrayList<OpenFile.Window>();
    for (AddressRange bar : device.pci().bars()) {
      windows.add(new OpenFile.Window((long) windows.size() << REGION_SHIFT, bar));
    }
    return windows;
  }

  /** Tells whether the region at an offset lies in the mapped file itself: a BAR. */
  boolean isWindow(long position) {
    return isBar(position) && !hasRegisters() && !refusesMemory();
  }

  /** {@code vfio_pci_core_mmap()}. */
  Status map(long position, long length) {
    List<AddressRange> bars = device.pci().bars();
    long index = position >>> REGION_SHIFT;
    boolean fits =
        isBar(position)
            && length > 0
            && length <= bars.get((int) index).size() - (position & REGION_MASK);
    return fits ? Status.OK : Status.fail(Errno.EINVAL, "the device has no memory window there");
  }

  private Status info(UserStruct arg) {
    int pci = UapiFlags.DEVICE_PCI;
    arg.put("flags", device.pci().resettable() ? pci | UapiFlags.DEVICE_RESET : pci);
    arg.put("num_regions", REGIONS);
    arg.put("num_irqs", VfioPciInterrupts.KINDS);
    return arg.copyOut();
  }

  private Status regionInfo(UserStruct arg) {
    int index = arg.id("index");
    List<AddressRange> bars = device.pci().bars();
    if (index < 0 || index > CONFIG_REGION) {
      return Status.fail(Errno.EINVAL, "the device has no region " + index);
    }
    boolean bar = index < bars.size();
    boolean space = index == CONFIG_REGION;
    int readWrite = UapiFlags.REGION_READ | UapiFlags.REGION_WRITE;
    arg.put("flags", bar ? readWrite | UapiFlags.REGION_MMAP : space ? readWrite : 0);
    arg.put("size", bar ? bars.get(index).size() : space ? config.bytes() : 0);
    arg.put("offset", (long) index << REGION_SHIFT);
    return arg.copyOut();
  }
}
