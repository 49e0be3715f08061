package org.iommulab.evidence.diagnosis;

import java.util.List;
import org.iommulab.bus.MessageSink;
import org.iommulab.memory.Page;

/** What an address that a device used looks like. Source: diagnosis.md 2.0. */
final class DeviceAddress {

  /** No address was printed; none begins at an odd byte of the last page. */
  static final long UNKNOWN = -1;

  private static final long FIRMWARE_AREAS = 0x8_0000;
  private static final long FOUR_GIB = 1L << 32;
  private static final long USUAL_RAM = 1L << 36;
  private static final long ALLOCATOR = 0xC000_0000L;
  private static final long NARROW_TOP = 4L << 20;
  private static final long WINDOWS = 0xE000_0000L;
  private static final long TOP_PAGES = 0xFFFF_0000L;
  private static final long USER = 0x5500_0000_0000L;
  private static final List<Integer> SPACES = List.of(39, 40, 42, 46, 48, 49, 57);
  private static final long NEAR_TOP = 1L << 33;
  private static final List<String> TYPED =
      List.of("12345", "23456", "dead", "beef", "cafe", "abcd", "87654");

  private DeviceAddress() {}

  static boolean isZero(long address) {
    return Long.compareUnsigned(address, Page.BYTES) < 0;
  }

  static boolean isInterruptWindow(long address) {
    return address >= MessageSink.FIRST && address <= MessageSink.LAST;
  }

  /** Where the kernel's allocator begins, from the top of 4 GiB down. */
  static boolean isAllocated(long address) {
    return address >= ALLOCATOR && address < FOUR_GIB && !isInterruptWindow(address);
  }

  /** Far enough down that the allocator gets there only with hundreds of megabytes in use. */
  static boolean isFarFromTop(long address) {
    return address < WINDOWS;
  }

  /** Where the allocator begins for devices that reach 24 to 31 bits only. */
  static boolean isTopOfNarrowMask(long address) {
    for (int bits = 24; bits < 32; bits++) {
      long top = 1L << bits;
      if (address < top && address >= top - NARROW_TOP) {
        return true;
      }
    }
    return false;
  }

  /** Where the allocator begins and where chipset and flash have their windows as well. */
  static boolean isTopOfFourGib(long address) {
    return address >= WINDOWS && address < FOUR_GIB;
  }

  /** One of the first few pages that the allocator hands out. */
  static boolean isFirstAllocated(long address) {
    return address >= TOP_PAGES && address < FOUR_GIB;
  }

  static boolean isAboveFourGib(long address) {
    return address != UNKNOWN && Long.compareUnsigned(address, FOUR_GIB) >= 0;
  }

  /** More memory than machines with graphics of their own usually have. */
  static boolean isBeyondUsualRam(long address) {
    return address != UNKNOWN && Long.compareUnsigned(address, USUAL_RAM) >= 0;
  }

  /** Where the x86-64 kernel maps all memory and its heap: a pointer, no DMA address. */
  static boolean isKernelPointer(long address) {
    return Long.compareUnsigned(address, 0xFFFF_8000_0000_0000L) >= 0
        && Long.compareUnsigned(address, 0xFFFF_F000_0000_0000L) < 0;
  }

  /** Below the areas that firmware keeps under 1 MiB, but not in the first page. */
  static boolean isLow(long address) {
    return address >= Page.BYTES && address < FIRMWARE_AREAS;
  }

  /** An address of a process. */
  static boolean isUser(long address) {
    return address >= USER && address < 1L << 47;
  }

  /** Where big machines place memory of devices, above all RAM: 16 to 64 TiB. */
  static boolean isDeviceMemory(long address) {
    return address >= 1L << 44 && address < 1L << 46 && topOf(address) == 0;
  }

  /** Bits of the space near whose top it lies; 0 if near none. */
  static int topOf(long address) {
    for (int bits : SPACES) {
      long top = 1L << bits;
      if (address < top && address >= top - NEAR_TOP) {
        return bits;
      }
    }
    return 0;
  }

  /** Graphics memory that firmware took lies below the hole under 4 GiB. */
  static boolean isStolen(long address) {
    return address >= 0x3000_0000L && address < 0xE000_0000L;
  }

  /** A person typed it. */
  static boolean isTyped(long address) {
    String digits = Long.toHexString(address);
    return digits.startsWith("1234") || TYPED.stream().anyMatch(digits::contains);
  }

  static boolean isLargePage(long address) {
    return (address & (1 << 20) - 1) == 0;
  }
}
