package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.iommulab.bits.Field;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.BootResult;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.NothingLeaks;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Walker;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.linux.uapi.UapiStruct;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.trace.CallFrame;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.Surroundings;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.request.Translation;

/**
 * A machine whose unit has everything of scalable mode, with a kernel, a process and two devices:
 *
 * <pre>
 *  CPU - memory - unit - 00:03.0 gpu   device-TLB, page requests, 20-bit PASIDs
 *                      - 00:04.0 nic   none of them
 * </pre>
 */
final class ScalableLab {

  static final SourceId GPU = SourceId.of(0, 3, 0);
  static final SourceId NIC = SourceId.of(0, 4, 0);
  static final long P = 4096;
  private static final long BASE = 0xFED9_0000L;

  final PhysicalMemory memory = PhysicalMemory.ofSize(4L << 30);
  final CallTrace trace = new CallTrace();
  final RemappingUnit unit;
  final DeviceTlb gpuTlb;
  final Kernel kernel;
  final BootResult boot;
  final ModelProcess process;
  final long scratch;
  private final List<long[]> messages = new ArrayList<>();
  private final Map<String, Integer> files = new HashMap<>();

  /** What the machine and its kernel are like. */
  static final class Builder {
    private long cap = capabilities();
    private long ecap = extended();
    private String cmdline = "intel_iommu=on,sm_on";
    private Walker walker = Walker.CLASSIC;
    private boolean holding;

    Builder with(Field field, long value) {
      boolean extendedField =
          ExtendedCapabilityLayout.LAYOUT.fields().stream().anyMatch(known -> known == field);
      cap = extendedField ? cap : field.with(cap, value);
      ecap = extendedField ? field.with(ecap, value) : ecap;
      return this;
    }

    Builder cmdline(String text) {
      cmdline = text;
      return this;
    }

    Builder walker(Walker wanted) {
      walker = wanted;
      return this;
    }

    /** Writes reach memory only when they are flushed. */
    Builder holdingWrites() {
      holding = true;
      return this;
    }

    ScalableLab boot() {
      return new ScalableLab(this);
    }
  }

  private static long capabilities() {
    long cap = 0;
    cap = CapabilityLayout.ND.with(cap, 6);
    cap = CapabilityLayout.SAGAW.with(cap, 4);
    cap = CapabilityLayout.MGAW.with(cap, 47);
    cap = CapabilityLayout.FRO.with(cap, 0x22);
    cap = CapabilityLayout.NFR.with(cap, 7);
    cap = CapabilityLayout.SSLPS.with(cap, 3);
    cap = CapabilityLayout.PSI.with(cap, 1);
    cap = CapabilityLayout.MAMV.with(cap, 18);
    cap = CapabilityLayout.DWD.with(cap, 1);
    cap = CapabilityLayout.DRD.with(cap, 1);
    return CapabilityLayout.FS1GP.with(cap, 1);
  }

  private static long extended() {
    long ecap = ExtendedCapabilityLayout.IRO.with(0, 0xF);
    for (Field flag :
        List.of(
            ExtendedCapabilityLayout.C,
            ExtendedCapabilityLayout.QI,
            ExtendedCapabilityLayout.DT,
            ExtendedCapabilityLayout.PT,
            ExtendedCapabilityLayout.SC,
            ExtendedCapabilityLayout.NEST,
            ExtendedCapabilityLayout.PRS,
            ExtendedCapabilityLayout.SRS,
            ExtendedCapabilityLayout.EAFS,
            ExtendedCapabilityLayout.PASID,
            ExtendedCapabilityLayout.PDS,
            ExtendedCapabilityLayout.SMTS,
            ExtendedCapabilityLayout.SSADS,
            ExtendedCapabilityLayout.SSTS,
            ExtendedCapabilityLayout.FSTS,
            ExtendedCapabilityLayout.SMPWCS)) {
      ecap = flag.with(ecap, 1);
    }
    return ExtendedCapabilityLayout.PSS.with(ecap, 19);
  }

  static Builder machine() {
    return new Builder();
  }

  private ScalableLab(Builder wanted) {
    if (wanted.holding) {
      memory.holdWrites(
          !ExtendedCapabilityLayout.C.isSet(wanted.ecap), CapabilityLayout.RWBF.isSet(wanted.cap));
    }
    var configuration = Profiles.spec(new Capabilities(wanted.cap, wanted.ecap, 0x60, 46));
    unit =
        new RemappingUnit(
            configuration,
            new Surroundings(
                memory,
                (address, data) -> messages.add(new long[] {address, data}),
                source -> source.equals(GPU) ? tlb() : null));
    gpuTlb = new DeviceTlb(GPU, unit, DeviceTlb.USUAL_CAPACITY);
    var platform =
        new Platform(
            memory,
            Map.of(BASE, unit),
            DmarFacts.single(46, BASE),
            List.of(
                PciDevice.endpoint(GPU, "gpu").withTranslation(true, true, 20),
                PciDevice.endpoint(NIC, "nic")),
            trace,
            () -> 0L);
    boot =
        Kernel.boot(
            platform,
            BootOptions.of(wanted.cmdline).withUnsafeInterrupts().withWalker(wanted.walker));
    kernel = NothingLeaks.watch(boot.kernel());
    assertThat(boot.problem()).isNull();
    process = kernel.createProcess("vmm");
    scratch = process.alloc(P, MemoryOptions.PLAIN).ret();
  }

  private DeviceTlb tlb() {
    return Objects.requireNonNull(gpuTlb);
  }

  IommuDevice device(SourceId sid) {
    return Objects.requireNonNull(kernel.iommu().device(sid));
  }

  // ---- the kernel's doors -----------------------------------------------------------------------

  /** Opens /dev/iommu and binds both devices; the ids are 1 for gpu, 2 for nic. */
  void openIommufd() {
    files.put("iommu", (int) process.open("/dev/iommu").ret());
    for (SourceId sid : List.of(GPU, NIC)) {
      process.writeFile("/sys/bus/pci/devices/0000:" + sid + "/driver_override", "vfio-pci");
      process.writeFile("/sys/bus/pci/drivers_probe", "0000:" + sid);
      int number = sid.equals(GPU) ? 0 : 1;
      files.put(sid.toString(), (int) process.open("/dev/vfio/devices/vfio" + number).ret());
      assertThat(call(sid, Uapi.VFIO_DEVICE_BIND_IOMMUFD, "iommufd", files.get("iommu")).failed())
          .isFalse();
    }
  }

  /** Closes every file. */
  void closeFiles() {
    files.values().forEach(process::close);
    files.clear();
  }

  SyscallResult call(Object file, UapiStruct command, Object... fields) {
    ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, command.size());
    for (int i = 0; i < fields.length; i += 2) {
      UapiField field = command.field((String) fields[i]);
      long value = ((Number) fields[i + 1]).longValue();
      if (field.size() == 8) {
        bytes.putLong(field.offset(), value);
      } else if (field.size() == 4) {
        bytes.putInt(field.offset(), (int) value);
      } else {
        bytes.putShort(field.offset(), (short) value);
      }
    }
    process.write(scratch, bytes.array());
    return process.ioctl(
        Objects.requireNonNull(files.get(file.toString())), command.number(), scratch);
  }

  SyscallResult iommu(UapiStruct command, Object... fields) {
    return call("iommu", command, fields);
  }

  /** A 32-bit output of the latest ioctl. */
  int out(UapiStruct command, String field) {
    byte[] bytes = new byte[4];
    process.read(scratch + command.field(field).offset(), bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  int ioas() {
    assertThat(iommu(Uapi.IOMMU_IOAS_ALLOC).failed()).isFalse();
    return out(Uapi.IOMMU_IOAS_ALLOC, "out_ioas_id");
  }

  void map(int ioas, long userAddress, long length, long iova) {
    assertThat(
            iommu(
                    Uapi.IOMMU_IOAS_MAP,
                    "ioas_id",
                    ioas,
                    "flags",
                    7,
                    "user_va",
                    userAddress,
                    "length",
                    length,
                    "iova",
                    iova)
                .errno())
        .isNull();
  }

  /** A new HWPT, or minus an errno's number. */
  int hwpt(int device, int parent, int flags) {
    SyscallResult result =
        iommu(Uapi.IOMMU_HWPT_ALLOC, "dev_id", device, "pt_id", parent, "flags", flags);
    return result.failed()
        ? -Objects.requireNonNull(result.errno()).number()
        : out(Uapi.IOMMU_HWPT_ALLOC, "out_hwpt_id");
  }

  SyscallResult attach(SourceId sid, int hwpt) {
    return call(sid, Uapi.VFIO_DEVICE_ATTACH_IOMMUFD_PT, "pt_id", hwpt);
  }

  /** Bytes in user memory behind the structure of the ioctl. */
  long data(byte[] bytes) {
    process.write(scratch + 1024, bytes);
    return scratch + 1024;
  }

  long userMemory(long bytes) {
    return process.alloc(bytes, MemoryOptions.PLAIN).ret();
  }

  // ---- devices ----------------------------------------------------------------------------------

  /** Where a request ends: an address, or -1 if it is blocked. */
  long reach(DmaAccess access) {
    return unit.translate(access) instanceof Translation.Done done ? done.address() : -1;
  }

  long write(SourceId sid, long iova) {
    return reach(DmaAccess.write(sid, iova, 8));
  }

  long read(SourceId sid, long iova) {
    return reach(DmaAccess.read(sid, iova, 8));
  }

  /** Hands the messages that units have sent to the kernel. */
  void deliver() {
    while (!messages.isEmpty()) {
      long[] message = messages.removeFirst();
      kernel.interrupt(message[0], (int) message[1]);
    }
  }

  // ---- tables and trace -------------------------------------------------------------------------

  /** The PASID entry of a device, as hardware finds it. */
  long[] pasidEntry(SourceId sid, int pasid) {
    long root = unit.read(0x20, 8) & -4096L;
    long context = memory.readQword(root + sid.bus() * 16L + (sid.devfn() >= 0x80 ? 8 : 0));
    long directory = memory.readQword((context & -4096L) + (sid.devfn() & 0x7F) * 32L) & -4096L;
    long table = memory.readQword(directory + (pasid >> 6) * 8L);
    long[] entry = new long[8];
    for (int i = 0; i < 8 && (table & 1) != 0; i++) {
      entry[i] = memory.readQword((table & -4096L) + (pasid & 63) * 64L + i * 8L);
    }
    return entry;
  }

  /** Names of the descriptors queued by an action. */
  List<String> queued(Runnable action) {
    long from = unit.read(0x88, 8);
    action.run();
    long to = unit.read(0x88, 8);
    long ring = unit.read(0x90, 8) & -4096L;
    var names = new ArrayList<String>();
    for (long at = from; at != to; at = (at + 32) % 8192) {
      var kind = InvalidationDescriptor.of(memory.readQword(ring + at));
      names.add(kind == null ? "?" : kind.code());
    }
    names.removeIf(name -> name.equals("inv_wait"));
    return names;
  }

  /** Functions called by an action, outermost first. */
  List<String> calls(Runnable action) {
    trace.setOn(true);
    trace.take();
    action.run();
    trace.setOn(false);
    var names = new ArrayList<String>();
    collect(trace.take(), names);
    return names;
  }

  private static void collect(List<CallFrame> frames, List<String> names) {
    for (CallFrame frame : frames) {
      names.add(frame.function());
      collect(frame.children(), names);
    }
  }

  String log() {
    return String.join("\n", kernel.dmesg());
  }
}
