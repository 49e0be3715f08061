package org.iommulab.vtd.config;

import java.util.List;
import java.util.Optional;

/**
 * Units of real machines, by the capability registers their kernels logged. The deviations of their
 * silicon are not public, so they behave as the architecture says. Source: vtd.md 11.1.
 */
final class RealMachines {

  /**
   * One unit.
   *
   * @param name profile name
   * @param capabilities what its registers say
   */
  record Unit(String name, Capabilities capabilities) {}

  private static final List<Unit> UNITS =
      List.of(
          unit("ivy-bridge-graphics", 0x10, 0x00C0_0000_20E6_0262L, 0xF0_101AL, 36),
          unit("ivy-bridge", 0x10, 0x00C9_0080_2066_0262L, 0xF0_105AL, 36),
          unit("haswell-graphics", 0x10, 0x00C0_0000_2066_0462L, 0xF0_101AL, 39),
          unit("haswell", 0x10, 0x00D2_0080_2066_0462L, 0xF0_10DAL, 39),
          unit("broadwell", 0x10, 0x00D2_008C_2066_0462L, 0xF0_10DAL, 39),
          unit("skylake-graphics", 0x10, 0x01C0_000C_4066_0462L, 0x7E_3FF0_501EL, 39),
          unit("skylake", 0x10, 0x00D2_008C_4066_0462L, 0xF0_50DAL, 39),
          unit("coffee-lake-graphics", 0x10, 0x01C0_000C_4066_0462L, 0x19E_2FF0_505EL, 39),
          unit("ice-lake-graphics", 0x40, 0x01C0_000C_4066_0462L, 0x49E_2FF0_505EL, 39),
          unit("alder-lake-graphics", 0x40, 0x09C0_000C_4066_0462L, 0x29A_08F0_505EL, 46),
          unit("alder-lake", 0x50, 0x08D2_008C_4066_0462L, 0xF0_50DAL, 46),
          unit("meteor-lake-graphics", 0x70, 0xC9DE_008C_EE69_0462L, 0x12_CA9A_00F0_EF5EL, 42),
          unit("meteor-lake", 0x70, 0xC9DE_008C_EE69_0462L, 0x12_CA9A_00F0_EFDEL, 42),
          unit("xeon-2014", 0x10, 0x00D2_078C_106F_0466L, 0xF0_20DEL, 46),
          unit("skylake-sp", 0x10, 0x08D2_078C_106F_0466L, 0xF0_20DEL, 46),
          unit("lab", 0x10, 0x08D2_078C_106F_0466L, 0xF0_20DFL, 46),
          unit("sapphire-rapids", 0x60, 0x19ED_008C_4078_0C66L, 0x3_EE9E_86F0_50DFL, 52));

  private static Unit unit(String name, int version, long cap, long ecap, int hostBits) {
    return new Unit(name, new Capabilities(cap, ecap, version, hostBits));
  }

  static List<String> names() {
    return UNITS.stream().map(Unit::name).toList();
  }

  static Optional<Unit> named(String name) {
    return UNITS.stream().filter(unit -> unit.name().equals(name)).findFirst();
  }

  private RealMachines() {}
}
