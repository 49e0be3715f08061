package org.iommulab.vtd.config;

/** A key of a script's machine line that switches something of the unit on or off. */
public enum MachineOption {
  /** CAP.CM. */
  CACHING_MODE("caching_mode", false),
  /** ECAP.SMTS. */
  SCALABLE("scalable", false),
  /** ECAP.PASID. */
  PASID("pasid", false),
  /** ECAP.DT. */
  DEVICE_IOTLB("device_iotlb", false),
  /** ECAP.SC. */
  SNOOP_CONTROL("snoop_control", false),
  /** CAP.DWD and CAP.DRD. */
  DMA_DRAIN("dma_drain", true),
  /** Off: no second stage of any depth, and no translation. */
  DMA_TRANSLATION("dma_translation", true),
  /** ECAP.PT. */
  PASS_THROUGH("pass_through", true),
  /** ECAP.IR. */
  INTREMAP("intremap", false),
  /** ECAP.EIM. */
  EIM("eim", false),
  /** ECAP.FSTS: the first stage in scalable mode. */
  FSTS("fsts", false),
  /** CAP.FS1GP, where there is a first stage. */
  FS1GP("fs1gp", true),
  /** ECAP.PRS, PDS and NWFS: what shared virtual memory needs. */
  SVM("svm", false),
  /** Bit 62 of a second-stage leaf means "transient mapping", as before revision 3.2. */
  STALE_TM("stale_tm", false);

  private final String key;
  private final boolean isOnByDefault;

  MachineOption(String key, boolean isOnByDefault) {
    this.key = key;
    this.isOnByDefault = isOnByDefault;
  }

  /** The key of the machine line. */
  public String key() {
    return key;
  }

  /** What it is without the key; the same as QEMU's but for {@link #INTREMAP}. */
  public boolean isOnByDefault() {
    return isOnByDefault;
  }
}
