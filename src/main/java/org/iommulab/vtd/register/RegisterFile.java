package org.iommulab.vtd.register;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.iommulab.bus.Mmio;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.OptionalRegisters;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.Register.Access;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.jspecify.annotations.Nullable;

/**
 * All registers: values and access rules, in dwords. A write changes the writable bits and clears
 * what it has ones for among the clearable; reads leave out write-only bits. What a write starts is
 * up to the parts of the unit: each asks to be told of writes to its own registers.
 */
public final class RegisterFile implements Mmio {

  /** Bytes of the register block. */
  private static final int BYTES = 0x1000;

  /** Commands of performance monitoring in ECCAP3: F0, F1, F4, F5. */
  private static final long MONITORING = 1L << 48 | 1L << 49 | 1L << 52 | 1L << 53;

  private final UnitConfiguration configuration;
  private final int[] value = new int[BYTES / 4];
  private final int[] writable = new int[BYTES / 4];
  private final int[] clearable = new int[BYTES / 4];
  private final int[] hidden = new int[BYTES / 4];
  private final int[] initial = new int[BYTES / 4];

  /** Where the registers are that this unit has. */
  private final Map<Register, Integer> offsets = new HashMap<>();

  private final @Nullable Runnable[] starts = new @Nullable Runnable[BYTES / 4];
  private final @Nullable LongSupplier[] shown = new @Nullable LongSupplier[BYTES / 8];
  private @Nullable UnitWatch watch;

  /** The registers of a unit that is built like that, in their reset state. */
  public RegisterFile(UnitConfiguration configuration) {
    this.configuration = configuration;
    Capabilities capabilities = configuration.capabilities();
    Set<String> features = capabilities.features();
    for (Register register : RegisterLayouts.withOptional()) {
      if (exists(register, features)) {
        int offset = register.offset(capabilities.cap(), capabilities.ecap());
        declare(register, offset);
        offsets.put(register, offset);
      }
    }
    if (!features.contains("PLMR") && !features.contains("PHMR")) {
      writable[RegisterLayouts.PMEN.position() / 4] = 0;
    }
    hide(RegisterLayouts.CCMD, "SID", "FM");
    declareFaultRecords(capabilities);
    initial64(RegisterLayouts.VER.position(), capabilities.version());
    initial64(RegisterLayouts.CAP.position(), capabilities.cap());
    initial64(RegisterLayouts.ECAP.position(), capabilities.ecap());
    if (features.contains("ECMDS") && features.contains("PMS")) {
      initial64(OptionalRegisters.ECCAP3.position(), MONITORING);
    }
    applyQuirks();
    reset();
  }

  private boolean exists(Register register, Set<String> features) {
    if (register == RegisterLayouts.FRCD) {
      return false;
    }
    boolean invalidation =
        register == RegisterLayouts.IVA
            || register == RegisterLayouts.IOTLB
            || register == RegisterLayouts.CCMD;
    if (invalidation) {
      return configuration.capabilities().hasRegisterInvalidation();
    }
    String feature = register.feature();
    return feature == null
        || features.contains(feature)
        || (register == RegisterLayouts.IRTA
            && configuration.has(Quirk.INTERRUPT_TABLE_WITHOUT_REMAPPING));
  }

  private void declare(Register register, int offset) {
    long allow = register.writable();
    long clear = register.clearable();
    long hide = register.access() == Access.WRITE_ONLY ? -1L : 0;
    for (int part = 0; part < register.bytes() / 4; part++) {
      int at = offset / 4 + part;
      writable[at] = (int) (allow >>> part * 32);
      clearable[at] = (int) (clear >>> part * 32);
      hidden[at] = (int) (hide >>> part * 32);
      initial[at] = (int) (register.reset() >>> part * 32);
    }
  }

  private void declareFaultRecords(Capabilities capabilities) {
    int last = capabilities.faultRecordOffset() + 16 * capabilities.faultRecords() - 4;
    for (int at = capabilities.faultRecordOffset() + 12; at <= last; at += 16) {
      clearable[at / 4] = Integer.MIN_VALUE;
    }
  }

  private void hide(Register register, String... fields) {
    for (String field : fields) {
      long mask = register.field(field).mask();
      hidden[register.position() / 4] |= (int) mask;
      hidden[register.position() / 4 + 1] |= (int) (mask >>> 32);
    }
  }

  private void applyQuirks() {
    if (configuration.has(Quirk.EVENT_UPPER_ADDRESS_IS_ZERO)) {
      writable[RegisterLayouts.FEUADDR.position() / 4] = 0;
      writable[RegisterLayouts.IEUADDR.position() / 4] = 0;
    }
    if (configuration.has(Quirk.INVALIDATION_EVENT_DATA_HAS_32_BITS)) {
      writable[RegisterLayouts.IEDATA.position() / 4] = -1;
    }
    if (configuration.has(Quirk.PAGE_EVENT_STARTS_UNMASKED)) {
      initial[RegisterLayouts.PECTL.position() / 4] = 0;
    }
    if (!configuration.capabilities().has(CapabilityLayout.AFL)) {
      long log =
          RegisterLayouts.FSTS.field("AFO").mask() | RegisterLayouts.FSTS.field("APF").mask();
      clearable[RegisterLayouts.FSTS.position() / 4] &= (int) ~log;
    }
  }

  private void initial64(int offset, long bits) {
    initial[offset / 4] = (int) bits;
    initial[offset / 4 + 1] = (int) (bits >>> 32);
  }

  /** Power-on values. */
  public void reset() {
    System.arraycopy(initial, 0, value, 0, value.length);
  }

  // ---- software's way ---------------------------------------------------------------------------

  private static boolean isOutside(int offset) {
    return offset < 0 || offset > BYTES - 4;
  }

  /** Reads as software does; zero where no register is. */
  @Override
  public long read(int offset, int size) {
    long low = read32(offset) & 0xFFFF_FFFFL;
    return size == 8 ? low | (long) read32(offset + 4) << 32 : low;
  }

  private int read32(int offset) {
    if (isOutside(offset)) {
      return 0;
    }
    LongSupplier instead = shown[offset / 8];
    if (instead != null) {
      return (int) (instead.getAsLong() >>> (offset & 4) * 8);
    }
    int at = offset / 4;
    return value[at] & ~hidden[at];
  }

  /** Writes as software does, and starts what that starts. */
  @Override
  public void write(int offset, int size, long bits) {
    if (watch != null) {
      watch.writing(offset, size, bits);
    }
    write32(offset, (int) bits);
    if (size == 8) {
      write32(offset + 4, (int) (bits >>> 32));
      start(offset);
      start(offset + 4);
    } else {
      start(offset);
    }
  }

  private void write32(int offset, int bits) {
    if (isOutside(offset)) {
      return;
    }
    int at = offset / 4;
    value[at] = (value[at] & ~writable[at] | bits & writable[at]) & ~(bits & clearable[at]);
  }

  private void start(int offset) {
    Runnable what = isOutside(offset) ? null : starts[offset / 4];
    if (what != null) {
      what.run();
    }
  }

  /** Tells a watcher of every write beforehand; null: nobody any more. */
  public void setWatch(@Nullable UnitWatch watcher) {
    watch = watcher;
  }

  // ---- for the parts of the unit ----------------------------------------------------------------

  /** Says what software's writes to a register, or to its lower half, start. */
  public void onWrite(Register register, Runnable what) {
    onWrite(register, 0, what);
  }

  /** Says what software's writes to the upper half of a quadword register start. */
  public void onWriteOfUpperHalf(Register register, Runnable what) {
    onWrite(register, 4, what);
  }

  private void onWrite(Register register, int part, Runnable what) {
    Integer offset = offsets.get(register);
    if (offset != null) {
      onWrite(offset + part, what);
    }
  }

  /** Says what software's writes to the fault records start. */
  public void onWriteOfFaultRecords(Runnable what) {
    Capabilities capabilities = configuration.capabilities();
    for (int at = 0; at < 16 * capabilities.faultRecords(); at += 4) {
      onWrite(capabilities.faultRecordOffset() + at, what);
    }
  }

  private void onWrite(int offset, Runnable what) {
    Runnable before = starts[offset / 4];
    starts[offset / 4] =
        before == null
            ? what
            : () -> {
              before.run();
              what.run();
            };
  }

  /** Shows software something else than the value of a quadword register. */
  public void show(Register register, LongSupplier instead) {
    shown[register.position() / 8] = instead;
  }

  /** Reads as hardware does, with write-only bits. */
  public int get32(int offset) {
    return value[offset / 4];
  }

  /** Reads as hardware does, with write-only bits. */
  public long get64(int offset) {
    return value[offset / 4] & 0xFFFF_FFFFL | (long) value[offset / 4 + 1] << 32;
  }

  /** Writes as hardware does. */
  public void set32(int offset, int bits) {
    value[offset / 4] = bits;
  }

  /** Writes as hardware does. */
  public void set64(int offset, long bits) {
    value[offset / 4] = (int) bits;
    value[offset / 4 + 1] = (int) (bits >>> 32);
  }

  /** Replaces the masked bits as hardware does. */
  public void change32(int offset, long mask, long bits) {
    value[offset / 4] = value[offset / 4] & ~(int) mask | (int) bits & (int) mask;
  }
}
