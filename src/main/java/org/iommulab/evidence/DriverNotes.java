package org.iommulab.evidence;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.memory.Page;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;

/**
 * What Linux noted about a unit in its {@code struct intel_iommu}: the quadwords {@code reg_phys},
 * {@code reg_size}, {@code cap}, {@code ecap}, behind them the unit's segment and name, and
 * somewhere later the virtual address of its root table. Found by its form, because each version
 * has other fields in between. Source: drivers/iommu/intel/iommu.h, 5.0 to 7.3.
 *
 * @param name such as {@code dmar0}
 * @param base physical address of the registers
 * @param segment PCI segment
 * @param cap CAP
 * @param ecap ECAP
 * @param pointers virtual addresses among the fields that follow
 */
record DriverNotes(String name, long base, int segment, long cap, long ecap, List<Long> pointers) {

  private static final int NAMED_WITHIN = 40;
  private static final int POINTERS_WITHIN = 96;
  private static final long LARGEST_WINDOW = 1 << 20;
  // The upper half of addresses with five levels; with four it is the end of that.
  private static final long KERNEL = 0xFF00_0000_0000_0000L;
  // The kernel maps all memory at an address that is a multiple of this, wherever it chooses.
  private static final long MAPPED_BY = 1 << 30;
  private static final int NAME_BYTES = 13;
  private static final long INTERRUPT_TABLE_BYTES = 1 << 20;
  private static final int QUEUE_LENGTH = 256;
  private static final Pattern NAME = Pattern.compile("(dmar\\d{1,4})\0.*", Pattern.DOTALL);

  /** Whether one of the pointers can be that of a page at a physical address. */
  boolean pointsTo(long physical) {
    return mapping(physical).isPresent();
  }

  /** What to subtract from the kernel's pointers, known once one of them is. */
  private Optional<Long> mapping(long physical) {
    return pointers.stream()
        .filter(pointer -> (pointer - physical) % MAPPED_BY == 0)
        .map(pointer -> pointer - physical)
        .findFirst();
  }

  /**
   * Physical address of the interrupt-remapping table: one of the pointers leads to {@code struct
   * ir_table}, whose first field points to a table as Linux allocates it.
   */
  Optional<Long> interruptTable(long root, PhysicalMemory memory) {
    return mapping(root).stream()
        .flatMap(mapping -> pointers.stream().map(pointer -> target(memory, pointer, mapping, 0)))
        .filter(table -> table > 0 && table % INTERRUPT_TABLE_BYTES == 0)
        .filter(table -> memory.isRam(table, INTERRUPT_TABLE_BYTES))
        .findFirst();
  }

  /**
   * The invalidation queue: one of the pointers leads to {@code struct q_inval}, a lock, two
   * pointers, and how many of the slots are free.
   */
  Optional<Queue> queue(long root, PhysicalMemory memory) {
    long mapping = mapping(root).orElse(0L);
    for (long pointer : mapping == 0 ? List.<Long>of() : pointers) {
      long ring = target(memory, pointer, mapping, 8);
      long ends = ring <= 0 ? -1 : memory.readQword(pointer - mapping + 24);
      long free = ring <= 0 ? -1 : memory.readQword(pointer - mapping + 32) & 0xFFFF_FFFFL;
      long head = ends & 0xFFFF_FFFFL;
      boolean fits = head < QUEUE_LENGTH && ends >>> 32 < QUEUE_LENGTH && free <= QUEUE_LENGTH;
      if (ring > 0
          && ring % Page.BYTES == 0
          && free > 0
          && fits
          && memory.isRam(ring, Page.BYTES)) {
        return Optional.of(new Queue(ring, (int) head));
      }
    }
    return Optional.empty();
  }

  /**
   * The driver's side of the queue.
   *
   * @param address physical
   * @param next slot that the driver fills next
   */
  record Queue(long address, int next) {}

  /** Where the pointer in memory at a kernel address leads to; -1 if there is none. */
  private static long target(PhysicalMemory memory, long pointer, long mapping, int offset) {
    long at = pointer - mapping + offset;
    boolean there = at > 0 && at % 8 == 0 && at < PhysicalMemory.LIMIT && memory.isRam(at, 64);
    long value = there ? memory.readQword(at) : 0;
    return Long.compareUnsigned(value, KERNEL) >= 0 ? value - mapping : -1;
  }

  /** Adds what a page holds of this kind. */
  static void find(long[] page, List<DriverNotes> notes) {
    for (int i = 0; i + 4 < page.length; i++) {
      long base = page[i];
      boolean possible =
          base != 0 && (base & Page.BYTES - 1) == 0 && base >>> 52 == 0 && isWindow(page[i + 1]);
      if (possible && isCapability(page[i + 2]) && isExtended(page[i + 3])) {
        at(page, i).ifPresent(notes::add);
      }
    }
  }

  private static boolean isWindow(long size) {
    return size >= Page.BYTES && size <= LARGEST_WINDOW && (size & Page.BYTES - 1) == 0;
  }

  private static boolean isCapability(long cap) {
    long widths = CapabilityLayout.SAGAW.get(cap);
    return isClean(CapabilityLayout.LAYOUT, cap)
        && widths != 0
        && (widths & 0x11) == 0
        && CapabilityLayout.MGAW.get(cap) >= 29
        && CapabilityLayout.FRO.get(cap) != 0;
  }

  private static boolean isExtended(long ecap) {
    return isClean(ExtendedCapabilityLayout.LAYOUT, ecap)
        && ExtendedCapabilityLayout.IRO.get(ecap) != 0;
  }

  private static boolean isClean(Layout layout, long value) {
    for (Field field : layout.fields()) {
      if (field.kind() == Field.Kind.RESERVED && field.isSet(value)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<DriverNotes> at(long[] page, int index) {
    int end = Math.min(page.length, index + POINTERS_WITHIN);
    var bytes = new StringBuilder();
    for (int i = index; i < end; i++) {
      for (int shift = 0; shift < 64; shift += 8) {
        bytes.append((char) (page[i] >>> shift & 0xFF));
      }
    }
    int named = bytes.indexOf("dmar");
    if (named < 0 || named > 8 * NAMED_WITHIN) {
      return Optional.empty();
    }
    Matcher name =
        NAME.matcher(bytes.substring(named, Math.min(bytes.length(), named + NAME_BYTES)));
    if (!name.matches()) {
      return Optional.empty();
    }
    int segment = bytes.charAt(named - 2) | bytes.charAt(named - 1) << 8;
    List<Long> pointers =
        java.util.Arrays.stream(page, index, end)
            .filter(value -> Long.compareUnsigned(value, KERNEL) >= 0)
            .boxed()
            .toList();
    return Optional.of(
        new DriverNotes(
            name.group(1), page[index], segment, page[index + 2], page[index + 3], pointers));
  }
}
