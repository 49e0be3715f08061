package org.iommulab.evidence.debugfs;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.RegisterValues;

/** The registers that the kernel prints, in its order: first those of 32 bits, then of 64. */
final class KernelRegisters {

  private static final List<String> SHORT =
      List.of(
          "VER",
          "GCMD",
          "GSTS",
          "FSTS",
          "FECTL",
          "FEDATA",
          "FEADDR",
          "FEUADDR",
          "PMEN",
          "PLMBASE",
          "PLMLIMIT",
          "ICS",
          "PRS",
          "PECTL",
          "PEDATA",
          "PEADDR",
          "PEUADDR");
  private static final List<String> BEFORE_LOG = List.of("CAP", "ECAP", "RTADDR");
  private static final List<String> AFTER_LOG =
      List.of("PHMBASE", "PHMLIMIT", "IQH", "IQT", "IQA", "IRTA", "PQH", "PQT", "PQA");
  private static final int AFLOG = 0x58;
  private static final int MTRRCAP = 0x100;
  private static final int MTRRDEF = 0x108;
  private static final int FIXED_FIRST = 0x120;
  private static final int VARIABLE_FIRST = 0x180;
  private static final int VARIABLE = 10;
  private static final List<String> FIXED =
      List.of(
          "64K_00000",
          "16K_80000",
          "16K_A0000",
          "4K_C0000",
          "4K_C8000",
          "4K_D0000",
          "4K_D8000",
          "4K_E0000",
          "4K_E8000",
          "4K_F0000",
          "4K_F8000");

  private final RegisterValues registers;
  private final List<Block.Registers.Row> rows = new ArrayList<>();

  private KernelRegisters(RegisterValues registers) {
    this.registers = registers;
  }

  /**
   * @param recent of a kernel that no longer shows what only register-based invalidation and
   *     advanced fault logging need
   */
  static List<Block.Registers.Row> rows(RegisterValues registers, boolean recent) {
    var list = new KernelRegisters(registers);
    SHORT.forEach(list::declared);
    BEFORE_LOG.forEach(list::declared);
    if (!recent) {
      list.declared("CCMD");
      list.add("AFLOG", AFLOG, 8);
    }
    AFTER_LOG.forEach(list::declared);
    list.add("MTRRCAP", MTRRCAP, 8);
    list.add("MTRRDEF", MTRRDEF, 8);
    for (int i = 0; i < FIXED.size(); i++) {
      list.add("MTRR_FIX" + FIXED.get(i), FIXED_FIRST + 8 * i, 8);
    }
    for (int i = 0; i < VARIABLE; i++) {
      list.add("MTRR_PHYSBASE" + i, VARIABLE_FIRST + 16 * i, 8);
      list.add("MTRR_PHYSMASK" + i, VARIABLE_FIRST + 16 * i + 8, 8);
    }
    return list.rows;
  }

  private void declared(String name) {
    for (Register register : RegisterLayouts.all()) {
      if (register.name().equals(name)) {
        add(name, registers.offset(register), register.bytes());
      }
    }
  }

  private void add(String name, int offset, int bytes) {
    rows.add(new Block.Registers.Row(name, offset, registers.read(offset, bytes)));
  }
}
