package org.iommulab.bus;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device that can send requests.
 *
 * @param source its requester id
 * @param name short name for people, such as {@code nic}
 * @param kind what it is
 * @param dmaMask largest address it can issue
 * @param abilities what else it can do on the bus
 */
public record PciDevice(
    SourceId source, String name, Kind kind, long dmaMask, Abilities abilities) {

  /** What a device is. */
  public enum Kind {
    DMA_ENGINE,
    NETWORK_CARD,
    NVME,
    GPU,
    LEGACY_CARD,
    ROGUE,
    /** A DMA engine of Intel's, as Linux' ioatdma drives it. */
    IOAT,
    /** A network card of Intel's, the 82576, as Linux' igb drives it. */
    IGB,
    /** Firmware drives keyboards through it before the system does; moves data like an engine. */
    USB_CONTROLLER,
    /** Sends interrupts only; found through ACPI, not on the bus. */
    IO_APIC,
    /** A timer block that sends interrupts only; found through ACPI, not on the bus. */
    HPET;

    /** Tells whether enumeration of the bus finds it. */
    public boolean isPci() {
      return this != IO_APIC && this != HPET;
    }

    /** Who made it and what it is. Only some follow a product; the others are the laboratory's. */
    public PciIdentity identity() {
      return switch (this) {
        case IOAT -> new PciIdentity(0x8086, 0x2021, 0x088000);
        case IGB -> new PciIdentity(0x8086, 0x10C9, 0x020000);
        case GPU -> new PciIdentity(LABORATORY, 0x0A01, 0x030000);
        case USB_CONTROLLER -> new PciIdentity(LABORATORY, 0x0A02, 0x0C0330);
        case NVME -> new PciIdentity(LABORATORY, 0x0A04, 0x010802);
        case NETWORK_CARD -> new PciIdentity(LABORATORY, 0x0A05, 0x020000);
        case DMA_ENGINE, LEGACY_CARD, ROGUE, IO_APIC, HPET ->
            new PciIdentity(LABORATORY, 0x0A00, 0x088000);
      };
    }

    /** Vendor of devices that exist in emulators only. */
    private static final int LABORATORY = 0x1B36;
  }

  /**
   * What a device can do beyond plain requests, and what it is connected to.
   *
   * @param ats it has a device-TLB
   * @param pri it can ask for pages; needs {@code ats}
   * @param pasidBits width of the PASIDs it can send, 0 if none
   * @param acs its functions are kept apart, or it has only one
   * @param phantoms further ids of its bus that its requests may carry: phantom functions, or a
   *     known fault of the device
   * @param physicalFunction the function whose virtual function it is, or null
   * @param hasPlug a loopback plug is in its socket: what it sends comes back in
   */
  public record Abilities(
      boolean ats,
      boolean pri,
      int pasidBits,
      boolean acs,
      List<SourceId> phantoms,
      @Nullable SourceId physicalFunction,
      boolean hasPlug) {

    /** Plain requests, nothing else. */
    public static final Abilities PLAIN =
        new Abilities(false, false, 0, true, List.of(), null, false);

    public Abilities {
      phantoms = List.copyOf(phantoms);
    }

    /** The same with further ids on its requests. */
    public Abilities withPhantoms(List<SourceId> ids) {
      return new Abilities(ats, pri, pasidBits, acs, ids, physicalFunction, hasPlug);
    }

    /** The same as a virtual function of another one. */
    public Abilities asVirtualFunctionOf(SourceId physical) {
      return new Abilities(ats, pri, pasidBits, acs, phantoms, physical, hasPlug);
    }
  }

  /** Mask of a device with 64-bit addressing. */
  public static final long MASK_64 = -1L;

  /** Mask of a device with 32-bit addressing. */
  public static final long MASK_32 = 0xFFFF_FFFFL;

  /** A device without special abilities. */
  public PciDevice(SourceId source, String name, Kind kind, long dmaMask) {
    this(source, name, kind, dmaMask, Abilities.PLAIN);
  }

  /** A plain DMA engine with 64-bit addressing. */
  public static PciDevice engine(SourceId source) {
    return new PciDevice(source, source.toString(), Kind.DMA_ENGINE, MASK_64);
  }

  /** The same device with other abilities. */
  public PciDevice with(Abilities changed) {
    return new PciDevice(source, name, kind, dmaMask, changed);
  }

  /** The function whose virtual function it is. */
  public Optional<SourceId> physicalFunction() {
    return Optional.ofNullable(abilities.physicalFunction());
  }
}
