package org.iommulab.vtd.config;

import java.util.List;
import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;

/** The registers a machine line stands for, profile by profile. Source: oracles, sections 2, 3. */
final class MachineRegisters {

  private static final int OLD_VERSION = 0x10;
  private static final int USUAL_PASID_BITS = 8;

  /** Options that every profile shows in ECAP as they are. */
  private static final List<MachineOption> PLAIN =
      List.of(
          MachineOption.DEVICE_IOTLB,
          MachineOption.INTREMAP,
          MachineOption.EIM,
          MachineOption.PASS_THROUGH,
          MachineOption.SNOOP_CONTROL);

  /** The architecture: what is asked for, and what that cannot work without. */
  static Capabilities spec(MachineOptions options) {
    long ecap = secondStage(common(options), options);
    ecap = pasids(ecap, options);
    ecap = with(ecap, ExtendedCapabilityLayout.LAYOUT, MachineOption.FSTS, options);
    ecap = sharedMemory(ecap, options);
    int version = options.version() == 0 ? OLD_VERSION : options.version();
    return capabilities(gigabytePages(width(options), options), ecap, version, options);
  }

  /** QEMU 7.2: a second stage only. */
  static Capabilities of72(MachineOptions options) {
    long ecap = secondStage(common(options), options);
    ecap = with(ecap, ExtendedCapabilityLayout.LAYOUT, MachineOption.PASID, options);
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

  /**
   * A unit's registers with what a machine line says about it; what the line does not name stays.
   *
   * @param keys the keys of the line
   */
  static Capabilities adjusted(Capabilities own, MachineOptions wanted, Set<String> keys) {
    long cap = own.cap();
    long ecap = own.ecap();
    for (MachineOption option : MachineOption.values()) {
      if (keys.contains(option.key())) {
        cap = with(cap, CapabilityLayout.LAYOUT, option, wanted);
        ecap = with(ecap, ExtendedCapabilityLayout.LAYOUT, option, wanted);
      }
    }
    if (keys.contains("aw_bits")) {
      cap = CapabilityLayout.MGAW.with(cap, wanted.awBits() - 1);
      cap = CapabilityLayout.SAGAW.with(cap, depths(wanted));
    }
    if (keys.contains(MachineOption.DMA_TRANSLATION.key())
        && !wanted.has(MachineOption.DMA_TRANSLATION)) {
      cap = CapabilityLayout.SAGAW.with(cap, 0);
    }
    if (keys.contains(MachineOption.INTREMAP.key())) {
      ecap = ExtendedCapabilityLayout.MHMV.with(ecap, masks(wanted));
    }
    if (keys.contains("pasid_bits") || keys.contains(MachineOption.PASID.key())) {
      ecap = pasids(ecap, wanted);
    }
    int version =
        keys.contains("version") && wanted.version() != 0 ? wanted.version() : own.version();
    return new Capabilities(cap, ecap, version, own.hostAddressWidth());
  }

  private static long with(
      long register, Layout layout, MachineOption option, MachineOptions wanted) {
    long with = register;
    for (Field field : option.fields()) {
      if (layout.fields().contains(field)) {
        with = field.with(with, wanted.has(option) ? 1 : 0);
      }
    }
    return with;
  }

  private static long depths(MachineOptions options) {
    int width = options.awBits();
    return width >= 57 ? 0b1110 : width >= 48 ? 0b110 : 0b10;
  }

  private static long masks(MachineOptions options) {
    return options.has(MachineOption.INTREMAP) ? 15 : 0;
  }

  private static Capabilities capabilities(
      long cap, long ecap, int version, MachineOptions options) {
    return new Capabilities(cap, ecap, version, Math.min(options.awBits(), 52));
  }

  private static long width(MachineOptions options) {
    long cap = CapabilityLayout.ND.with(0, 6);
    cap = with(cap, CapabilityLayout.LAYOUT, MachineOption.CACHING_MODE, options);
    cap = with(cap, CapabilityLayout.LAYOUT, MachineOption.DMA_DRAIN, options);
    cap =
        CapabilityLayout.SAGAW.with(
            cap, options.has(MachineOption.DMA_TRANSLATION) ? depths(options) : 0);
    cap = CapabilityLayout.MGAW.with(cap, options.awBits() - 1);
    cap = CapabilityLayout.FRO.with(cap, 0x22);
    cap = CapabilityLayout.SSLPS.with(cap, 3);
    cap = CapabilityLayout.PSI.with(cap, 1);
    return CapabilityLayout.MAMV.with(cap, 18);
  }

  private static long gigabytePages(long cap, MachineOptions options) {
    boolean on = options.has(MachineOption.FSTS) && options.has(MachineOption.FS1GP);
    return CapabilityLayout.FS1GP.with(cap, on ? 1 : 0);
  }

  private static long common(MachineOptions options) {
    long ecap = ExtendedCapabilityLayout.QI.with(0, 1);
    for (MachineOption option : PLAIN) {
      ecap = with(ecap, ExtendedCapabilityLayout.LAYOUT, option, options);
    }
    ecap = ExtendedCapabilityLayout.IRO.with(ecap, 0xF);
    return ExtendedCapabilityLayout.MHMV.with(ecap, masks(options));
  }

  private static long secondStage(long ecap, MachineOptions options) {
    return with(ecap, ExtendedCapabilityLayout.LAYOUT, MachineOption.SCALABLE, options);
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
    return with(ecap, ExtendedCapabilityLayout.LAYOUT, MachineOption.SVM, options);
  }

  private MachineRegisters() {}
}
