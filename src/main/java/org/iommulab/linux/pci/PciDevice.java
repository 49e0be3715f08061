package org.iommulab.linux.pci;

import java.util.List;
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
 * @param alias requester id that its DMA carries on the far side of a conventional bridge, or null
 * @param bridge the bridge it sits behind, or null on the root bus
 * @param isolated the path up to the root keeps peers apart (ACS); false joins it with its slot
 * @param untrusted the port is marked as external
 * @param ats the function has a device-TLB
 * @param pri the function can request pages
 * @param maxPasidBits width of the PASIDs it can send, 0 if none
 * @param driver the kernel driver bound at boot, or null
 * @param bars its memory windows
 */
public record PciDevice(
    SourceId sid,
    String name,
    Kind kind,
    long dmaMask,
    @Nullable SourceId alias,
    @Nullable SourceId bridge,
    boolean isolated,
    boolean untrusted,
    boolean ats,
    boolean pri,
    int maxPasidBits,
    @Nullable String driver,
    List<AddressRange> bars) {

  /** What a function is, as far as the IOMMU layer cares. */
  public enum Kind {
    /** Does DMA of its own. */
    ENDPOINT,
    /** A root or switch port, or a bridge; its requester id may stand for devices behind it. */
    BRIDGE
  }

  public PciDevice {
    bars = List.copyOf(bars);
  }

  /** A plain 64-bit endpoint on the root bus, isolated, without a driver. */
  public static PciDevice endpoint(SourceId sid, String name) {
    return new PciDevice(
        sid, name, Kind.ENDPOINT, -1L, null, null, true, false, false, false, 0, null, List.of());
  }

  /** The same function with another DMA mask. */
  public PciDevice withDmaMask(long mask) {
    return new PciDevice(
        sid,
        name,
        kind,
        mask,
        alias,
        bridge,
        isolated,
        untrusted,
        ats,
        pri,
        maxPasidBits,
        driver,
        bars);
  }

  /** The same function with a kernel driver bound. */
  public PciDevice withDriver(String driverName) {
    return new PciDevice(
        sid,
        name,
        kind,
        dmaMask,
        alias,
        bridge,
        isolated,
        untrusted,
        ats,
        pri,
        maxPasidBits,
        driverName,
        bars);
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
        sid, name, kind, dmaMask, alias, bridge, isolated, untrusted, hasAts, hasPri, pasidBits,
        driver, bars);
  }

  /** The same function at a port that is marked as external. */
  public PciDevice atExternalPort() {
    return new PciDevice(
        sid,
        name,
        kind,
        dmaMask,
        alias,
        bridge,
        isolated,
        true,
        ats,
        pri,
        maxPasidBits,
        driver,
        bars);
  }

  /** Segment, bus, device and function as sysfs writes them. */
  public String address() {
    return "0000:" + sid;
  }
}
