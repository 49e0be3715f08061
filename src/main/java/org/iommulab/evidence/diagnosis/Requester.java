package org.iommulab.evidence.diagnosis;

import java.util.Locale;
import org.iommulab.bus.SourceId;

/** What a requester's number alone tells. */
final class Requester {

  /** Stands for a requester that the log does not name; no rule knows this number. */
  private static final SourceId NOBODY = SourceId.of(0xEF, 0, 0);

  private static final int GRAPHICS_DEVICE = 2;
  private static final int ENGINE_DEVICE = 0x16;
  private static final int OLD_ENGINE_DEVICE = 3;
  private static final int SECURITY_DEVICE = 0x12;

  private final String name;
  private final SourceId id;

  Requester(String name) {
    this.name = name;
    this.id = SourceId.parse(name).orElse(NOBODY);
  }

  String name() {
    return name;
  }

  int bus() {
    return id.bus();
  }

  int device() {
    return id.device();
  }

  int function() {
    return id.function();
  }

  /** The name without the function. */
  String slot() {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** Another function of the same device. */
  String function(int other) {
    return String.format(Locale.ROOT, "%02x:%02x.%d", id.bus(), id.device(), other);
  }

  /** 00:02.0, the graphics unit of Intel's processors. */
  boolean isGraphics() {
    return id.bus() == 0 && id.device() == GRAPHICS_DEVICE;
  }

  /** A function of Intel's management engine. */
  boolean isManagementEngine() {
    return id.bus() == 0
        && (id.device() == ENGINE_DEVICE
            || id.device() == OLD_ENGINE_DEVICE && id.function() > 0
            || id.device() == SECURITY_DEVICE && id.function() == 4);
  }

  /** A function of the management engine that only firmware uses, such as for a security chip. */
  boolean isHiddenInEngine() {
    return isManagementEngine() && (id.function() == 7 || id.device() != ENGINE_DEVICE);
  }

  /** Numbers that firmware gives to I/O APICs and HPETs, which no bus shows. */
  boolean isInterruptController() {
    return id.bus() >= 0xF0
        || id.bus() == 0 && id.device() == 0x1E && id.function() >= 6
        || id.bus() == 0 && id.device() == 0x1F && id.function() == 0
        || id.device() == 5 && id.function() == 4;
  }

  /** Usual places of root ports of client chipsets. */
  boolean isRootPort() {
    return id.bus() == 0
        && (id.device() == 0x1C
            || id.device() == 0x1D && id.function() < 4
            || id.device() == 0x1B
            || id.device() == 1
            || id.device() == 6);
  }

  /** Usual places of the chipset's USB controllers. */
  boolean isUsbController() {
    return id.bus() == 0
        && (id.device() == 0x14 && id.function() == 0
            || (id.device() == 0x1A || id.device() == 0x1D)
                && (id.function() == 0 || id.function() == 7));
  }

  /** The PCI bridge of the chipset. */
  boolean isChipsetBridge() {
    return id.bus() == 0 && id.device() == 0x1E && id.function() == 0;
  }

  /** Low-speed controllers whose children use their id. */
  boolean isLowSpeedController() {
    return id.bus() == 0 && (id.device() == 0x1E || id.device() == 0x15 || id.device() == 0x19);
  }

  /** A function of a volume management device. */
  boolean isVolumeManagement() {
    return id.device() == 0x0E && id.bus() == 0 || id.device() == 5 && id.function() == 5;
  }
}
