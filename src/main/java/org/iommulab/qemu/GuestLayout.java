package org.iommulab.qemu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.iommulab.memory.AddressRange;

/**
 * Where everything lies in a guest's physical address space, on a PC.
 *
 * <pre>
 *   0          640 KiB        1 MiB        top of low RAM           4 GiB
 *   | pc.ram    | vga | roms  | pc.ram      | registers      | bios | pc.ram ...
 * </pre>
 *
 * <p>RAM that does not fit below the hole for registers goes above 4 GiB.
 */
public final class GuestLayout {

  private static final long VGA = 0xA0000;
  private static final long ROMS = 0xC0000;
  private static final long ONE_MIB = 0x100000;
  private static final long FOUR_GIB = 1L << 32;

  /** 256 KiB. */
  static final long BIOS_BYTES = 0x40000;

  /** RAM up to this size lies below the hole as a whole. */
  private static final long MOST_LOW = 0xB000_0000L;

  /** Bigger guests have this much below the hole, so that the rest is aligned to 1 GiB. */
  private static final long LOW_OF_BIG = 0x8000_0000L;

  private final List<MemorySection> sections = new ArrayList<>();
  private final long ram;

  private GuestLayout(long ram) {
    this.ram = ram;
  }

  /**
   * A PC.
   *
   * @param ram bytes of RAM, at least 2 MiB
   * @param vaddr where the RAM lies in the VMM
   * @param bios where the BIOS lies in the VMM, 256 KiB
   */
  static GuestLayout pc(long ram, long vaddr, long bios) {
    var layout = new GuestLayout(ram);
    long low = ram < MOST_LOW ? ram : LOW_OF_BIG;
    layout.put(0, VGA, MemorySection.Kind.RAM, vaddr, "pc.ram");
    layout.put(VGA, ROMS - VGA, MemorySection.Kind.MMIO, 0, "vga-lowmem");
    layout.put(ROMS, ONE_MIB - ROMS, MemorySection.Kind.ROM, vaddr + ROMS, "pc.rom");
    layout.put(ONE_MIB, low - ONE_MIB, MemorySection.Kind.RAM, vaddr + ONE_MIB, "pc.ram");
    long hole = FOUR_GIB - BIOS_BYTES;
    layout.put(low, hole - low, MemorySection.Kind.MMIO, 0, "pci");
    layout.put(hole, BIOS_BYTES, MemorySection.Kind.ROM, bios, "pc.bios");
    if (ram > low) {
      layout.put(FOUR_GIB, ram - low, MemorySection.Kind.RAM, vaddr + low, "pc.ram");
    }
    return layout;
  }

  private void put(long start, long size, MemorySection.Kind kind, long vaddr, String name) {
    sections.add(new MemorySection(start, size, kind, vaddr, name));
  }

  /** Bytes of RAM. */
  public long ram() {
    return ram;
  }

  /** All sections; where they overlap, later ones lie above. */
  public List<MemorySection> sections() {
    return Collections.unmodifiableList(sections);
  }

  /** Lays a section over what is there. */
  void add(MemorySection section) {
    sections.add(section);
  }

  void remove(MemorySection section) {
    sections.remove(section);
  }

  /** The ranges a guest kernel finds as RAM. */
  List<AddressRange> ramRanges() {
    return sections.stream()
        .filter(section -> section.kind() == MemorySection.Kind.RAM)
        .map(section -> new AddressRange(section.start(), section.end()))
        .toList();
  }

  /** Address in the VMM behind a guest-physical address, -1 if no memory is there. */
  long vaddr(long address) {
    for (int i = sections.size() - 1; i >= 0; i--) {
      MemorySection section = sections.get(i);
      if (section.contains(address)) {
        return section.isMemory() ? section.vaddr() + (address - section.start()) : -1;
      }
    }
    return -1;
  }

  /** The section on top at that address is one the guest cannot write. */
  boolean isReadOnly(long address) {
    for (int i = sections.size() - 1; i >= 0; i--) {
      if (sections.get(i).contains(address)) {
        return sections.get(i).kind() == MemorySection.Kind.ROM;
      }
    }
    return false;
  }
}
