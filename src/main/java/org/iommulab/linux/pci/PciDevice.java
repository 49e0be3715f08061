package org.iommulab.linux.pci;

import java.util.List;
import org.iommulab.bus.PciFunction;
import org.iommulab.bus.PciIdentity;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/**
 * A PCI function as enumeration found it.
 *
 * @param sid its requester id
 * @param name a short name for people, such as {@code nic}
 * @param kind what it is
 * @param dmaMask highest bus address it can drive, as the driver would set it
 * @param aliases further requester ids that its DMA may carry: of a conventional bridge above it,
 *     of phantom functions
 * @param bridge the bridge it sits behind, or null on the root bus
 * @param isolation what keeps it apart from its peers
 * @param physicalFunction the function whose virtual function it is, or null
 * @param untrusted the port is marked as external
 * @param ats the function has a device-TLB
 * @param pri the function can request pages
 * @param maxPasidBits width of the PASIDs it can send, 0 if none
 * @param driver the kernel driver bound at boot, or null
 * @param bars its memory windows
 * @param resettable it can be reset by itself
 * @param function its registers and interrupts, or null for one that has none
 */
public record PciDevice(
    SourceId sid,
    String name,
    Kind kind,
    long dmaMask,
    List<SourceId> aliases,
    @Nullable SourceId bridge,
    Isolation isolation,
    @Nullable SourceId physicalFunction,
    boolean untrusted,
    boolean ats,
    boolean pri,
    int maxPasidBits,
    @Nullable String driver,
    List<AddressRange> bars,
    boolean resettable,
    @Nullable PciFunction function) {

  /** What a function is, as far as the IOMMU layer cares. */
  public enum Kind {
    /** Does DMA of its own. */
    ENDPOINT,
    /** The same, and draws the screen. */
    DISPLAY,
    /** The same, and has keyboards that firmware drives before the kernel does. */
    USB,
    /** A root or switch port, or a bridge; its requester id may stand for devices behind it. */
    BRIDGE
  }

  /** Whom a function could reach without passing the IOMMU. */
  public enum Isolation {
    /** Nobody: it gets a group of its own. */
    FULL,
    /** Other functions of its device: no ACS between them. */
    SLOT,
    /** Everything behind the bridge above it: no ACS on the way to the root. */
    PATH
  }

  public PciDevice {
    aliases = List.copyOf(aliases);
    bars = List.copyOf(bars);
  }

  /** A function that can be reset by itself and has no registers. */
  public PciDevice(
      SourceId sid,
      String name,
      Kind kind,
      long dmaMask,
      List<SourceId> aliases,
      @Nullable SourceId bridge,
      Isolation isolation,
      @Nullable SourceId physicalFunction,
      boolean untrusted,
      boolean ats,
      boolean pri,
      int maxPasidBits,
      @Nullable String driver,
      List<AddressRange> bars) {
    this(
        sid,
        name,
        kind,
        dmaMask,
        aliases,
        bridge,
        isolation,
        physicalFunction,
        untrusted,
        ats,
        pri,
        maxPasidBits,
        driver,
        bars,
        true,
        null);
  }

  /** The same function without a way to reset it. */
  public PciDevice withoutReset() {
    return new PciDevice(
        sid,
        name,
        kind,
        dmaMask,
        aliases,
        bridge,
        isolation,
        physicalFunction,
        untrusted,
        ats,
        pri,
        maxPasidBits,
        driver,
        bars,
        false,
        function);
  }

  /** Who made it and what it is. */
  public PciIdentity identity() {
    if (function != null) {
      return function.identity();
    }
    int code =
        switch (kind) {
          case ENDPOINT -> 0x088000;
          case DISPLAY -> 0x030000;
          case USB -> 0x0C0330;
          case BRIDGE -> 0x060400;
        };
    return new PciIdentity(0x1B36, 0x0A00 + kind.ordinal(), code);
  }

  /** A plain 64-bit endpoint on the root bus, isolated, without a driver. */
  public static PciDevice endpoint(SourceId sid, String name) {
    return new PciDevice(
        sid,
        name,
        Kind.ENDPOINT,
        -1L,
        List.of(),
        null,
        Isolation.FULL,
        null,
        false,
        false,
        false,
        0,
        null,
        List.of());
  }

  /** The same function with other memory windows. */
  public PciDevice withBars(List<AddressRange> windows) {
    return new PciDevice(
        sid,
        name,
        kind,
        dmaMask,
        aliases,
        bridge,
        isolation,
        physicalFunction,
        untrusted,
        ats,
        pri,
        maxPasidBits,
        driver,
        windows,
        resettable,
        function);
  }

  /** The same function with another DMA mask. */
  public PciDevice withDmaMask(long mask) {
    return new PciDevice(
        sid,
        name,
        kind,
        mask,
        aliases,
        bridge,
        isolation,
        physicalFunction,
        untrusted,
        ats,
        pri,
        maxPasidBits,
        driver,
        bars,
        resettable,
        function);
  }

  /** The same function with its registers and interrupts. */
  public PciDevice withFunction(@Nullable PciFunction hardware) {
    return new PciDevice(
        sid,
        name,
        kind,
        dmaMask,
        aliases,
        bridge,
        isolation,
        physicalFunction,
        untrusted,
        ats,
        pri,
        maxPasidBits,
        driver,
        bars,
        resettable,
        hardware);
  }

  /**
   * The same function with other means to translate for itself.
   *
   * @param hasAts it has a device-TLB
   * @param hasPri it can request pages
   * @param pasidBits width of the PASIDs it can send, 0 if none
   */
  public PciDevice withTranslation(boolean hasAts, boolean hasPri, int pasidBits) {
    return new PciDevice(
        sid,
        name,
        kind,
        dmaMask,
        aliases,
        bridge,
        isolation,
        physicalFunction,
        untrusted,
        hasAts,
        hasPri,
        pasidBits,
        driver,
        bars,
        resettable,
        function);
  }

  /** The same function at a port that is marked as external. */
  public PciDevice atExternalPort() {
    return new PciDevice(
        sid,
        name,
        kind,
        dmaMask,
        aliases,
        bridge,
        isolation,
        physicalFunction,
        true,
        ats,
        pri,
        maxPasidBits,
        driver,
        bars,
        resettable,
        function);
  }

  /**
   * The same function somewhere behind bridges.
   *
   * @param above the bridge it sits behind
   * @param ids further requester ids that its DMA may carry
   * @param apart what keeps it apart from its peers
   */
  public PciDevice behind(SourceId above, List<SourceId> ids, Isolation apart) {
    return new PciDevice(
        sid,
        name,
        kind,
        dmaMask,
        ids,
        above,
        apart,
        physicalFunction,
        untrusted,
        ats,
        pri,
        maxPasidBits,
        driver,
        bars,
        resettable,
        function);
  }

  /** Segment, bus, device and function as sysfs writes them. */
  public String address() {
    return sid.address();
  }
}
