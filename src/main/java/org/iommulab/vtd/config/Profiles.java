package org.iommulab.vtd.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.iommulab.vtd.config.UnitConfiguration.Tagging;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.words.Bilingual;

/** The known kinds of units, by name. */
public final class Profiles {

  /** The architecture, without quirks. */
  public static final String SPEC = "spec";

  /** QEMU 7.2 with its documented deviations. */
  public static final String QEMU_7_2 = "qemu-7.2";

  /** QEMU 11.1 with its documented deviations. */
  public static final String QEMU_11_1 = "qemu-11.1";

  private static final long SEED = 1;
  private static final int QEMU_IOTLB_ENTRIES = 1024;

  /** Names for {@link #named(String)}. */
  public static List<String> names() {
    var names = new ArrayList<>(List.of(SPEC, QEMU_7_2, QEMU_11_1));
    names.addAll(RealMachines.names());
    return List.copyOf(names);
  }

  /** The profile with its own capabilities; empty if there is none of that name. */
  public static Optional<UnitConfiguration> named(String name) {
    return named(name, MachineOptions.DEFAULT);
  }

  /**
   * The profile shaped by a machine line; empty if there is none of that name. Real machines come
   * as they are; see {@link #adjusted}.
   */
  public static Optional<UnitConfiguration> named(String name, MachineOptions options) {
    return switch (name) {
      case SPEC -> Optional.of(architecture(options));
      case QEMU_7_2 -> Optional.of(qemu(name, MachineRegisters.of72(options), QemuQuirks.of72()));
      case QEMU_11_1 ->
          Optional.of(
              qemu(
                  name,
                  MachineRegisters.of111(options),
                  QemuQuirks.of111(options.has(MachineOption.STALE_TM))));
      default -> RealMachines.named(name).map(Profiles::real);
    };
  }

  /** Tells whether a profile is a unit that somebody has built. */
  public static boolean isRealMachine(String name) {
    return RealMachines.names().contains(name);
  }

  /**
   * A unit that is there already, with what a machine line says about it.
   *
   * @param keys the keys of the line; what they do not name stays as it is
   */
  public static UnitConfiguration adjusted(
      UnitConfiguration unit, MachineOptions options, Set<String> keys) {
    UnitConfiguration adjusted =
        withCapabilities(unit, MachineRegisters.adjusted(unit.capabilities(), options, keys));
    return options.has(MachineOption.STALE_TM)
        ? adjusted.with(Quirk.TRANSIENT_MAPPING_WITH_DEVICE_TLB)
        : adjusted;
  }

  /** A unit with other capabilities, and the caches that go with them. */
  public static UnitConfiguration withCapabilities(
      UnitConfiguration unit, Capabilities capabilities) {
    UnitConfiguration other = unit.withCapabilities(capabilities);
    return unit.tagging() == Tagging.REQUESTER
        ? other
        : other.withInterruptCache(interruptCache(capabilities));
  }

  private static CacheGeometry interruptCache(Capabilities capabilities) {
    return capabilities.has(ExtendedCapabilityLayout.IR)
        ? CacheGeometry.of(16, 4)
        : CacheGeometry.none();
  }

  /** The architecture without quirks, with any capabilities. */
  public static UnitConfiguration spec(Capabilities capabilities) {
    return new UnitConfiguration(
        SPEC,
        capabilities,
        Set.of(),
        Tagging.DOMAIN,
        CacheGeometry.of(64, 4),
        CacheGeometry.of(16, 4),
        CacheGeometry.of(16, 4),
        CacheGeometry.none(),
        interruptCache(capabilities),
        SEED);
  }

  private static UnitConfiguration real(RealMachines.Unit unit) {
    UnitConfiguration spec = spec(unit.capabilities());
    return new UnitConfiguration(
        unit.name(),
        spec.capabilities(),
        spec.quirks(),
        spec.tagging(),
        spec.iotlb(),
        spec.contextCache(),
        spec.pasidCache(),
        spec.pagingCache(),
        spec.interruptCache(),
        spec.seed());
  }

  /**
   * Why a profile cannot be shaped by a machine line that way; empty if it can.
   *
   * @param name one of {@link #names()}
   */
  public static Optional<Bilingual> objection(String name, MachineOptions options) {
    return switch (name) {
      case SPEC -> OptionCheck.spec(options);
      case QEMU_7_2 -> OptionCheck.of72(options);
      case QEMU_11_1 -> OptionCheck.of111(options);
      default -> Optional.empty();
    };
  }

  private static UnitConfiguration architecture(MachineOptions options) {
    UnitConfiguration spec = spec(MachineRegisters.spec(options));
    return options.has(MachineOption.STALE_TM)
        ? spec.with(Quirk.TRANSIENT_MAPPING_WITH_DEVICE_TLB)
        : spec;
  }

  private static UnitConfiguration qemu(String name, Capabilities capabilities, Set<Quirk> quirks) {
    return new UnitConfiguration(
        name,
        capabilities,
        quirks,
        Tagging.REQUESTER,
        CacheGeometry.emptiedWhenFull(QEMU_IOTLB_ENTRIES),
        CacheGeometry.unbounded(),
        CacheGeometry.none(),
        CacheGeometry.none(),
        CacheGeometry.none(),
        SEED);
  }

  private Profiles() {}
}
