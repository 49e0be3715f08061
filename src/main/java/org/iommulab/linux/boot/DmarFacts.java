package org.iommulab.linux.boot;

import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.memory.AddressRange;

/**
 * What firmware tells about remapping hardware in the ACPI DMAR table, as far as the driver reads
 * it.
 *
 * @param hostAddressWidth in bits (the table's byte plus one)
 * @param interruptRemapping flag INTR_REMAP
 * @param x2apicOptOut flag X2APIC_OPT_OUT
 * @param x2apic the processors have 32-bit APIC ids, which is no matter of the table
 * @param platformOptIn flag DMA_CTRL_PLATFORM_OPT_IN
 * @param units in table order
 * @param reserved RMRR structures in table order
 * @param atsrs ATSR structures: true for ALL_PORTS
 */
public record DmarFacts(
    int hostAddressWidth,
    boolean interruptRemapping,
    boolean x2apicOptOut,
    boolean x2apic,
    boolean platformOptIn,
    List<Drhd> units,
    List<Rmrr> reserved,
    List<Boolean> atsrs) {

  /**
   * One remapping unit.
   *
   * @param registerBase physical address of its registers
   * @param segment PCI segment
   * @param includeAll serves every device no other unit of the segment lists
   * @param scope functions it lists; a bridge stands for everything behind it
   * @param ioApics ids of the I/O APICs whose interrupts it remaps
   */
  public record Drhd(
      long registerBase,
      int segment,
      boolean includeAll,
      List<SourceId> scope,
      List<Integer> ioApics) {
    public Drhd {
      scope = List.copyOf(scope);
      ioApics = List.copyOf(ioApics);
    }

    /** A unit that lists no I/O APIC. */
    public Drhd(long registerBase, int segment, boolean includeAll, List<SourceId> scope) {
      this(registerBase, segment, includeAll, scope, List.of());
    }
  }

  /**
   * Memory that devices use without a driver's knowledge.
   *
   * @param range physical addresses
   * @param scope the devices
   * @param mapped the firmware's memory map marks it as reserved too, as it must
   */
  public record Rmrr(AddressRange range, List<SourceId> scope, boolean mapped) {
    public Rmrr {
      scope = List.copyOf(scope);
    }
  }

  public DmarFacts {
    units = List.copyOf(units);
    reserved = List.copyOf(reserved);
    atsrs = List.copyOf(atsrs);
  }

  /** One unit that serves every device. */
  public static DmarFacts single(int hostAddressWidth, long registerBase) {
    return new DmarFacts(
        hostAddressWidth,
        false,
        false,
        true,
        false,
        List.of(new Drhd(registerBase, 0, true, List.of())),
        List.of(),
        List.of());
  }
}
