package org.iommulab.vtd.config;

import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;

/** The registers a machine line stands for, profile by profile. Source: oracles, sections 2, 3. */
final class MachineRegisters {

  private static final int OLD_VERSION = 0x10;
  private static final int USUAL_PASID_BITS = 8;

  /** The architecture: what is asked for, and what that cannot work without. */
  static Capabilities spec(MachineOptions options) {
    long ecap = secondStage(common(options), options);
    ecap = pasids(ecap, options);
    if (options.has(MachineOption.FSTS)) {
      ecap = ExtendedCapabilityLayout.FSTS.with(ecap, 1);
      ecap = ExtendedCapabilityLayout.SMPWCS.with(ecap, 1);
    }
    ecap = sharedMemory(ecap, options);
    int version = options.version() == 0 ? OLD_VERSION : options.version();
    return capabilities(gigabytePages(width(options), options), ecap, version, options);
  }

  /** QEMU 7.2: a second stage only. */
  static Capabilities of72(MachineOptions options) {
    long ecap = secondStage(common(options), options);
    ecap = ExtendedCapabilityLayout.PASID.with(ecap, options.has(MachineOption.PASID) ? 1 : 0);
    return capabilities(width(options), ecap, OLD_VERSION, options);
  }

  /** QEMU 11.1: one of the stages; its version does not show. */
  static Capabilities of111(MachineOptions options) {
    long ecap = common(options);
    if (options.has(MachineOption.FSTS)) {
      ecap = ExtendedCapabilityLayout.SMTS.with(ecap, 1);
      ecap = ExtendedCapabilityLayout.FSTS.with(ecap, 1);
    } else {
      ecap = secondStage(ecap, options);
    }
    ecap = sharedMemory(pasids(ecap, options), options);
    long cap = CapabilityLayout.ESRTPS.with(gigabytePages(width(options), options), 1);
    return capabilities(cap, ecap, OLD_VERSION, options);
  }

  private static Capabilities capabilities(
      long cap, long ecap, int version, MachineOptions options) {
    return new Capabilities(cap, ecap, version, Math.min(options.awBits(), 52));
  }

  private static long width(MachineOptions options) {
    int width = options.awBits();
    int depths = width >= 57 ? 0b1110 : width >= 48 ? 0b110 : 0b10;
    long drain = options.has(MachineOption.DMA_DRAIN) ? 1 : 0;
    long cap = CapabilityLayout.ND.with(0, 6);
    cap = CapabilityLayout.CM.with(cap, options.has(MachineOption.CACHING_MODE) ? 1 : 0);
    cap = CapabilityLayout.SAGAW.with(cap, options.has(MachineOption.DMA_TRANSLATION) ? depths : 0);
    cap = CapabilityLayout.MGAW.with(cap, width - 1);
    cap = CapabilityLayout.FRO.with(cap, 0x22);
    cap = CapabilityLayout.SSLPS.with(cap, 3);
    cap = CapabilityLayout.PSI.with(cap, 1);
    cap = CapabilityLayout.MAMV.with(cap, 18);
    cap = CapabilityLayout.DWD.with(cap, drain);
    return CapabilityLayout.DRD.with(cap, drain);
  }

  private static long gigabytePages(long cap, MachineOptions options) {
    boolean on = options.has(MachineOption.FSTS) && options.has(MachineOption.FS1GP);
    return CapabilityLayout.FS1GP.with(cap, on ? 1 : 0);
  }

  private static long common(MachineOptions options) {
    boolean remaps = options.has(MachineOption.INTREMAP);
    long ecap = ExtendedCapabilityLayout.QI.with(0, 1);
    ecap = ExtendedCapabilityLayout.DT.with(ecap, options.has(MachineOption.DEVICE_IOTLB) ? 1 : 0);
    ecap = ExtendedCapabilityLayout.IR.with(ecap, remaps ? 1 : 0);
    ecap = ExtendedCapabilityLayout.EIM.with(ecap, options.has(MachineOption.EIM) ? 1 : 0);
    ecap = ExtendedCapabilityLayout.PT.with(ecap, options.has(MachineOption.PASS_THROUGH) ? 1 : 0);
    ecap = ExtendedCapabilityLayout.SC.with(ecap, options.has(MachineOption.SNOOP_CONTROL) ? 1 : 0);
    ecap = ExtendedCapabilityLayout.IRO.with(ecap, 0xF);
    return ExtendedCapabilityLayout.MHMV.with(ecap, remaps ? 15 : 0);
  }

  private static long secondStage(long ecap, MachineOptions options) {
    long scalable = options.has(MachineOption.SCALABLE) ? 1 : 0;
    long with = ExtendedCapabilityLayout.SRS.with(ecap, scalable);
    with = ExtendedCapabilityLayout.SMTS.with(with, scalable);
    return ExtendedCapabilityLayout.SSTS.with(with, scalable);
  }

  private static long pasids(long ecap, MachineOptions options) {
    int bits =
        options.pasidBits() == 0 && options.has(MachineOption.PASID)
            ? USUAL_PASID_BITS
            : options.pasidBits();
    long with = ExtendedCapabilityLayout.PASID.with(ecap, bits > 0 ? 1 : 0);
    return ExtendedCapabilityLayout.PSS.with(with, Math.max(bits - 1, 0));
  }

  private static long sharedMemory(long ecap, MachineOptions options) {
    long on = options.has(MachineOption.SVM) ? 1 : 0;
    long with = ExtendedCapabilityLayout.PRS.with(ecap, on);
    with = ExtendedCapabilityLayout.PDS.with(with, on);
    return ExtendedCapabilityLayout.NWFS.with(with, on);
  }

  private MachineRegisters() {}
}
