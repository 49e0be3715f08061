package org.iommulab.vtd.config;

import java.util.List;
import org.iommulab.bits.Field;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;

/** A key of a script's machine line that switches something of the unit on or off. */
public enum MachineOption {
  /** CAP.CM. */
  CACHING_MODE("caching_mode", false, CapabilityLayout.CM),
  /** ECAP.SMTS. */
  SCALABLE(
      "scalable",
      false,
      ExtendedCapabilityLayout.SMTS,
      ExtendedCapabilityLayout.SSTS,
      ExtendedCapabilityLayout.SRS),
  /** ECAP.PASID. */
  PASID("pasid", false, ExtendedCapabilityLayout.PASID),
  /** ECAP.DT. */
  DEVICE_IOTLB("device_iotlb", false, ExtendedCapabilityLayout.DT),
  /** ECAP.SC. */
  SNOOP_CONTROL("snoop_control", false, ExtendedCapabilityLayout.SC),
  /** CAP.DWD and CAP.DRD. */
  DMA_DRAIN("dma_drain", true, CapabilityLayout.DWD, CapabilityLayout.DRD),
  /** Off: no second stage of any depth, and no translation. */
  DMA_TRANSLATION("dma_translation", true),
  /** ECAP.PT. */
  PASS_THROUGH("pass_through", true, ExtendedCapabilityLayout.PT),
  /** ECAP.IR. */
  INTREMAP("intremap", false, ExtendedCapabilityLayout.IR),
  /** ECAP.EIM. */
  EIM("eim", false, ExtendedCapabilityLayout.EIM),
  /** ECAP.FSTS: the first stage in scalable mode. */
  FSTS("fsts", false, ExtendedCapabilityLayout.FSTS, ExtendedCapabilityLayout.SMPWCS),
  /** CAP.FS1GP, where there is a first stage. */
  FS1GP("fs1gp", true, CapabilityLayout.FS1GP),
  /** ECAP.PRS, PDS and NWFS: what shared virtual memory needs. */
  SVM(
      "svm",
      false,
      ExtendedCapabilityLayout.PRS,
      ExtendedCapabilityLayout.PDS,
      ExtendedCapabilityLayout.NWFS),
  /** Bit 62 of a second-stage leaf means "transient mapping", as before revision 3.2. */
  STALE_TM("stale_tm", false);

  private final String key;
  private final boolean isOnByDefault;
  private final List<Field> fields;

  MachineOption(String key, boolean isOnByDefault, Field... fields) {
    this.key = key;
    this.isOnByDefault = isOnByDefault;
    this.fields = List.of(fields);
  }

  /** The key of the machine line. */
  public String key() {
    return key;
  }

  /** What it is without the key; the same as QEMU's but for {@link #INTREMAP}. */
  public boolean isOnByDefault() {
    return isOnByDefault;
  }

  /** The fields of CAP and ECAP that say nothing but this. */
  List<Field> fields() {
    return fields;
  }
}
