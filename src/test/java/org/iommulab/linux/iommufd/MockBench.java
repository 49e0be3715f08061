package org.iommulab.linux.iommufd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.Pasid;
import org.iommulab.linux.Lab;
import org.iommulab.linux.iommu.IommuDevice;
import org.iommulab.linux.mock.MockDomain;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.linux.uapi.UapiStruct;

/** An open {@code /dev/iommu}, a buffer, and mock devices, in the words of the cases. */
final class MockBench {

  static final long P = 4096;
  static final long M = 2048;
  static final long A0 = 0x100_0000L;
  static final long A1 = 0x7FFF_FFFFL;
  static final long B = 16 * P;
  static final long H = 2 << 20;
  static final long MAX = -1L;
  static final int R = 4;
  static final int W = 2;
  static final int FIXED = 1;

  /** A bound and attached mock device; {@code hwpt} is what it is attached to. */
  record Std(IommufdFile.Binding binding, IommuDevice device, int hwpt, int dev) {}

  final Lab lab = Lab.boot("intel_iommu=on");
  final ModelProcess process = lab.kernel.createProcess("iommufd-test");
  final int fd = (int) process.open("/dev/iommu").ret();
  final IommufdFile file = (IommufdFile) process.file(fd);
  final long argument = process.alloc(1 << 16, MemoryOptions.PLAIN).ret();
  final long buf = process.alloc(B, MemoryOptions.PLAIN).ret();
  final long list = process.alloc(1 << 16, MemoryOptions.PLAIN).ret();
  private final long domainsAtStart = lab.kernel.domains().size();
  private final List<Std> bound = new ArrayList<>();

  /** The HWPT that each device is attached to. */
  private final Map<IommufdFile.Binding, Integer> hwpts = new HashMap<>();

  private ByteBuffer last = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);

  // ---- ioctls -----------------------------------------------------------------------------------

  /** Issues an ioctl with its right size; "OK" or the error's name. */
  String io(UapiStruct command, Object... fields) {
    return sized(command, command.size(), new byte[0], fields);
  }

  /** Issues an ioctl with that size and those bytes behind the structure. */
  String sized(UapiStruct command, int size, byte[] tail, Object... fields) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.max(size, command.size()) + tail.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, size);
    for (int i = 0; i < fields.length; i += 2) {
      UapiField field = command.field((String) fields[i]);
      long value = ((Number) fields[i + 1]).longValue();
      switch (field.size()) {
        case 2 -> bytes.putShort(field.offset(), (short) value);
        case 4 -> bytes.putInt(field.offset(), (int) value);
        default -> bytes.putLong(field.offset(), value);
      }
    }
    bytes.put(command.size(), tail);
    process.write(argument, bytes.array());
    SyscallResult result = process.ioctl(fd, command.number(), argument);
    byte[] back = new byte[bytes.capacity()];
    process.read(argument, back);
    last = ByteBuffer.wrap(back).order(ByteOrder.LITTLE_ENDIAN);
    return name(result);
  }

  static String name(SyscallResult result) {
    Errno errno = result.errno();
    return errno == null ? "OK" : errno.name();
  }

  static String name(Status status) {
    Errno errno = status.errno();
    return errno == null ? "OK" : errno.name();
  }

  /** A field as the last ioctl left it. */
  long out(UapiStruct command, String field) {
    UapiField f = command.field(field);
    return f.size() == 8
        ? last.getLong(f.offset())
        : f.size() == 4 ? last.getInt(f.offset()) & 0xFFFF_FFFFL : last.get(f.offset()) & 0xFF;
  }

  int ioas() {
    assertThat(io(Uapi.IOMMU_IOAS_ALLOC)).isEqualTo("OK");
    return (int) out(Uapi.IOMMU_IOAS_ALLOC, "out_ioas_id");
  }

  String destroy(int id) {
    return io(Uapi.IOMMU_DESTROY, "id", id);
  }

  String map(int ioas, long va, long length) {
    return mapFlags(ioas, va, length, 0, R | W);
  }

  String mapf(int ioas, long va, long length, long iova) {
    return mapFlags(ioas, va, length, iova, R | W | FIXED);
  }

  String mapFlags(int ioas, long va, long length, long iova, int flags) {
    return io(
        Uapi.IOMMU_IOAS_MAP,
        "ioas_id",
        ioas,
        "user_va",
        va,
        "length",
        length,
        "iova",
        iova,
        "flags",
        flags);
  }

  long iova() {
    return out(Uapi.IOMMU_IOAS_MAP, "iova");
  }

  String unmap(int ioas, long iova, long length) {
    return io(Uapi.IOMMU_IOAS_UNMAP, "ioas_id", ioas, "iova", iova, "length", length);
  }

  long unmapped() {
    return out(Uapi.IOMMU_IOAS_UNMAP, "length");
  }

  String copy(int from, long source, long length, int to, long target, int flags) {
    return io(
        Uapi.IOMMU_IOAS_COPY,
        "src_ioas_id",
        from,
        "src_iova",
        source,
        "length",
        length,
        "dst_ioas_id",
        to,
        "dst_iova",
        target,
        "flags",
        flags);
  }

  String allow(int ioas, long... bounds) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * bounds.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long bound : bounds) {
      bytes.putLong(bound);
    }
    process.write(list, bytes.array());
    return io(
        Uapi.IOMMU_IOAS_ALLOW_IOVAS,
        "ioas_id",
        ioas,
        "num_iovas",
        bounds.length / 2,
        "allowed_iovas",
        list);
  }

  String option(int id, int op, int object, long value) {
    return io(Uapi.IOMMU_OPTION, "option_id", id, "op", op, "object_id", object, "val64", value);
  }

  long optionValue() {
    return out(Uapi.IOMMU_OPTION, "val64");
  }

  String reserve(int ioas, long start, long length) {
    Ioas space = file.context().find(ioas, Ioas.class);
    return name(space.table().reserve(start, start + length - 1, null));
  }

  // ---- devices ----------------------------------------------------------------------------------

  Std mock(int pt) {
    return mock(pt, 0);
  }

  /** A mock device attached to an IOAS or HWPT; the attach must succeed. */
  Std mock(int pt, int flags) {
    IommuDevice device = lab.kernel.mockIommu().addDevice(flags);
    IommufdFile.Binding binding = file.bind(device).binding();
    assertThat(attach(binding, pt)).isEqualTo("OK");
    var std = new Std(binding, device, hwpts.get(binding), binding.deviceId());
    bound.add(std);
    return std;
  }

  /** How attaching a new mock device ends; it is not kept. */
  String tryMock(int pt, int flags) {
    IommuDevice device = lab.kernel.mockIommu().addDevice(flags);
    IommufdFile.Bound bind = file.bind(device);
    IommufdFile.Binding binding = bind.binding();
    String result =
        binding == null
            ? name(bind.status())
            : name(binding.attach(Pasid.OF_REQUESTER, pt).status());
    if (binding != null) {
      binding.unbind();
    }
    lab.kernel.mockIommu().removeDevice(device);
    return result;
  }

  private String attach(IommufdFile.Binding binding, int pt) {
    IommufdFile.Attached attached = binding.attach(Pasid.OF_REQUESTER, pt);
    if (!attached.status().failed()) {
      hwpts.put(binding, attached.ptId());
    }
    return name(attached.status());
  }

  void drop(Std std) {
    std.binding().unbind();
    bound.remove(std);
  }

  String replace(Std std, int pt) {
    return attach(std.binding(), pt);
  }

  int hwptOf(Std std) {
    return hwpts.get(std.binding());
  }

  String hwptAlloc(int dev, int pt, int flags) {
    return io(Uapi.IOMMU_HWPT_ALLOC, "dev_id", dev, "pt_id", pt, "flags", flags);
  }

  int hwpt() {
    return (int) out(Uapi.IOMMU_HWPT_ALLOC, "out_hwpt_id");
  }

  MockDomain domain(int hwpt) {
    return (MockDomain) file.context().find(hwpt, HwptPaging.class).domain();
  }

  /** Every byte of the range translates to the page behind the user address. */
  void check(int hwpt, long iova, long length, long va) {
    for (long at = 0; at < length; at += M) {
      long wanted = process.pfn(va + at) << 12 | va + at & 4095;
      assertThat(domain(hwpt).iovaToPhys(iova + at)).isEqualTo(wanted);
    }
  }

  // ---- the end ----------------------------------------------------------------------------------

  /** Closes the file: no object, no pin, no domain may be left. */
  void close() {
    List.copyOf(bound).forEach(this::drop);
    assertThat(name(process.close(fd))).isEqualTo("OK");
    assertThat(process.memory().unpinned()).isTrue();
    assertThat(process.memory().pinnedPages()).isZero();
    assertThat(process.memory().lockedPages() + process.user().lockedPages()).isZero();
    assertThat(lab.kernel.domains()).hasSize((int) domainsAtStart);
  }
}
