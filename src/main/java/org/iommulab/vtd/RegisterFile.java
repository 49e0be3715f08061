package org.iommulab.vtd;

import java.util.Set;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Quirk;
import org.iommulab.vtd.config.UnitConfiguration;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.OptionalRegisters;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.Register.Access;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * Values and access rules of all registers, in dwords. A write changes the writable bits and clears
 * what it has ones for among the clearable; reads leave out write-only bits. What a write starts is
 * not known here.
 */
final class RegisterFile {

  /** Bytes of the register block. */
  static final int BYTES = 0x1000;

  private final UnitConfiguration configuration;
  private final int[] value = new int[BYTES / 4];
  private final int[] writable = new int[BYTES / 4];
  private final int[] clearable = new int[BYTES / 4];
  private final int[] hidden = new int[BYTES / 4];
  private final int[] initial = new int[BYTES / 4];

  RegisterFile(UnitConfiguration configuration) {
    this.configuration = configuration;
    Capabilities capabilities = configuration.capabilities();
    Set<String> features = capabilities.features();
    for (Register register : RegisterLayouts.withOptional()) {
      if (exists(register, features)) {
        declare(register, register.offset(capabilities.cap(), capabilities.ecap()));
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
      initial64(OptionalRegisters.ECCAP3.position(), CommandRegisters.MONITORING);
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

  void reset() {
    System.arraycopy(initial, 0, value, 0, value.length);
  }

  int[] save() {
    return value.clone();
  }

  void restore(int[] saved) {
    System.arraycopy(saved, 0, value, 0, value.length);
  }

  private static boolean isOutside(int offset) {
    return offset < 0 || offset > BYTES - 4;
  }

  /** Reads as software does; zero where no register is. */
  int read32(int offset) {
    if (isOutside(offset)) {
      return 0;
    }
    int at = offset / 4;
    return value[at] & ~hidden[at];
  }

  /** Writes as software does. */
  void write32(int offset, int bits) {
    if (isOutside(offset)) {
      return;
    }
    int at = offset / 4;
    value[at] = (value[at] & ~writable[at] | bits & writable[at]) & ~(bits & clearable[at]);
  }

  /** Reads as hardware does, with write-only bits. */
  int get32(int offset) {
    return value[offset / 4];
  }

  /** Reads as hardware does, with write-only bits. */
  long get64(int offset) {
    return value[offset / 4] & 0xFFFF_FFFFL | (long) value[offset / 4 + 1] << 32;
  }

  /** Writes as hardware does. */
  void set32(int offset, int bits) {
    value[offset / 4] = bits;
  }

  /** Writes as hardware does. */
  void set64(int offset, long bits) {
    value[offset / 4] = (int) bits;
    value[offset / 4 + 1] = (int) (bits >>> 32);
  }

  /** Replaces the masked bits as hardware does. */
  void change32(int offset, long mask, long bits) {
    value[offset / 4] = value[offset / 4] & ~(int) mask | (int) bits & (int) mask;
  }
}
