package org.iommulab.linux;

import java.util.List;
import org.iommulab.bus.Mmio;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.choice.Firmware;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.AddressRange;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.RegisterLayouts;

/** What a boot can know about the machine before it decides. */
final class FirmwareFacts {

  private static final long FOUR_GIB = 1L << 32;

  private FirmwareFacts() {}

  static Firmware of(Platform platform, BootOptions.Launch launch) {
    DmarFacts dmar = platform.dmar();
    boolean table = false;
    boolean passThrough = true;
    boolean cachingMode = false;
    boolean scalable = true;
    List<DmarFacts.Drhd> units = dmar == null ? List.of() : dmar.units();
    for (DmarFacts.Drhd drhd : units) {
      Mmio registers = platform.mmio().get(drhd.registerBase());
      if (registers != null) {
        long cap = registers.read(RegisterLayouts.CAP.offset(0, 0), 8);
        long ecap = registers.read(RegisterLayouts.ECAP.offset(0, 0), 8);
        table = true;
        passThrough &= ExtendedCapabilityLayout.PT.isSet(ecap);
        cachingMode |= CapabilityLayout.CM.isSet(cap);
        scalable &=
            ExtendedCapabilityLayout.SMTS.isSet(ecap) && ExtendedCapabilityLayout.FSTS.isSet(ecap);
      }
    }
    List<AddressRange> ram = platform.memory().ram();
    return new Firmware(
        table,
        dmar != null && dmar.platformOptIn(),
        platform.devices().stream().anyMatch(PciDevice::untrusted),
        launch.tboot(),
        launch.memoryEncryption(),
        !ram.isEmpty() && ram.getLast().end() > FOUR_GIB,
        passThrough,
        cachingMode,
        table && scalable);
  }
}
