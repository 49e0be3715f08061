package org.iommulab.vtd.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.iommulab.vtd.config.UnitConfiguration.Tagging;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;

/** The known kinds of units, by name. */
public final class Profiles {

  /** The architecture, without quirks. */
  public static final String SPEC = "spec";

  /** QEMU 7.2 with its documented deviations. */
  public static final String QEMU_7_2 = "qemu-7.2";

  private static final long SEED = 1;
  private static final int QEMU_IOTLB_ENTRIES = 1024;

  /** Names for {@link #named(String)}. */
  public static List<String> names() {
    var names = new ArrayList<>(List.of(SPEC, QEMU_7_2));
    names.addAll(RealMachines.names());
    return List.copyOf(names);
  }

  /** The profile with its own capabilities; empty if there is none of that name. */
  public static Optional<UnitConfiguration> named(String name) {
    return named(name, MachineOptions.DEFAULT);
  }

  /**
   * The profile shaped by a machine line; empty if there is none of that name. Real machines are as
   * they are: the machine line changes nothing about them.
   */
  public static Optional<UnitConfiguration> named(String name, MachineOptions options) {
    return switch (name) {
      case SPEC -> Optional.of(spec(capabilities(options)));
      case QEMU_7_2 -> Optional.of(qemu(capabilities(options)));
      default -> RealMachines.named(name).map(Profiles::real);
    };
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
        CacheGeometry.none(),
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

  private static UnitConfiguration qemu(Capabilities capabilities) {
    return new UnitConfiguration(
        QEMU_7_2,
        capabilities,
        EnumSet.complementOf(
            EnumSet.of(Quirk.ABORTED_REQUESTS_ARE_RECORDED, Quirk.PROCESSOR_WRITES_ARE_HELD_BACK)),
        Tagging.REQUESTER,
        CacheGeometry.emptiedWhenFull(QEMU_IOTLB_ENTRIES),
        CacheGeometry.unbounded(),
        CacheGeometry.none(),
        CacheGeometry.none(),
        CacheGeometry.none(),
        SEED);
  }

  /** The registers a machine line stands for. Source: oracle, section 3. */
  static Capabilities capabilities(MachineOptions options) {
    int width = options.awBits();
    int depths = width >= 57 ? 0b1110 : width >= 48 ? 0b110 : 0b10;
    long cap = 0;
    cap = CapabilityLayout.ND.with(cap, 6);
    cap = CapabilityLayout.CM.with(cap, options.cachingMode() ? 1 : 0);
    cap = CapabilityLayout.SAGAW.with(cap, options.dmaTranslation() ? depths : 0);
    cap = CapabilityLayout.MGAW.with(cap, width - 1);
    cap = CapabilityLayout.FRO.with(cap, 0x22);
    cap = CapabilityLayout.SSLPS.with(cap, 3);
    cap = CapabilityLayout.PSI.with(cap, 1);
    cap = CapabilityLayout.MAMV.with(cap, 18);
    cap = CapabilityLayout.DWD.with(cap, options.dmaDrain() ? 1 : 0);
    cap = CapabilityLayout.DRD.with(cap, options.dmaDrain() ? 1 : 0);
    long ecap = 0;
    ecap = ExtendedCapabilityLayout.QI.with(ecap, 1);
    ecap = ExtendedCapabilityLayout.DT.with(ecap, options.deviceIotlb() ? 1 : 0);
    ecap = ExtendedCapabilityLayout.IR.with(ecap, options.intremap() ? 1 : 0);
    ecap = ExtendedCapabilityLayout.EIM.with(ecap, options.eim() ? 1 : 0);
    ecap = ExtendedCapabilityLayout.PT.with(ecap, options.passThrough() ? 1 : 0);
    ecap = ExtendedCapabilityLayout.SC.with(ecap, options.snoopControl() ? 1 : 0);
    ecap = ExtendedCapabilityLayout.IRO.with(ecap, 0xF);
    ecap = ExtendedCapabilityLayout.MHMV.with(ecap, options.intremap() ? 15 : 0);
    ecap = ExtendedCapabilityLayout.SRS.with(ecap, options.scalable() ? 1 : 0);
    ecap = ExtendedCapabilityLayout.PASID.with(ecap, options.pasid() ? 1 : 0);
    ecap = ExtendedCapabilityLayout.SMTS.with(ecap, options.scalable() ? 1 : 0);
    ecap = ExtendedCapabilityLayout.SSTS.with(ecap, options.scalable() ? 1 : 0);
    return new Capabilities(cap, ecap, 0x10, Math.min(width, 52));
  }

  private Profiles() {}
}
