package org.iommulab.lab.replay;

import java.util.List;
import java.util.Map;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/**
 * One call of a log.
 *
 * @param n its number in the log
 * @param phase the part of the program it belongs to
 * @param call the system call, or the name of the ioctl in the kernel's headers
 * @param fd the descriptor it was made on, null if the log does not say
 * @param args by name; {@code Long}, {@code String}, {@code List} or {@code Map}
 * @param ret what it returned
 * @param errno name of the error, {@code 0} for none
 * @param out what the kernel wrote back, by name
 * @param note the program's own words
 */
record LoggedCall(
    int n,
    String phase,
    String call,
    @Nullable Long fd,
    Map<String, Object> args,
    long ret,
    String errno,
    Map<String, Object> out,
    String note) {

  boolean failed() {
    return !errno.equals("0");
  }

  boolean has(String name) {
    return args.containsKey(name);
  }

  /** A numeric argument, 0 if there is none. */
  long number(String name) {
    return numberOf(args.get(name));
  }

  String text(String name) {
    return args.get(name) instanceof String text ? text : "";
  }

  /** What the call does with user memory, or null if it maps none. */
  @Nullable UserRange userRange() {
    long flags = number("flags");
    return switch (call) {
      case "VFIO_IOMMU_MAP_DMA" ->
          (flags & 4) != 0
              ? null
              : new UserRange(number("vaddr"), number("size"), (flags & 2) != 0);
      case "IOMMU_IOAS_MAP" -> new UserRange(number("user_va"), number("length"), (flags & 2) != 0);
      default -> null;
    };
  }

  /**
   * User memory that a call wants to map.
   *
   * @param start its address
   * @param bytes its length
   * @param writable the device may write it
   */
  record UserRange(long start, long bytes, boolean writable) {
    long end() {
      return start + bytes;
    }

    /** It neither wraps nor is empty, and begins and ends at a page. */
    boolean isPlain() {
      return bytes > 0 && Page.isWhole(start | bytes) && start > 0 && start + bytes > start;
    }
  }

  /** A number as the log writes it, 0 if it is none. */
  static long numberOf(@Nullable Object value) {
    if (value instanceof Long number) {
      return number;
    }
    if (!(value instanceof String text)) {
      return 0;
    }
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }

  static boolean isNumber(@Nullable Object value) {
    return value instanceof Long
        || (value instanceof String text && text.matches("-?[0-9]{1,19}|0x[0-9a-fA-F]{1,16}"));
  }

  /** The pairs of a list such as {@code [["0x0","0xffff"]]} below any name of {@code values}. */
  static List<List<Long>> pairs(Map<String, Object> values) {
    for (Object value : values.values()) {
      if (value instanceof List<?> list && list.stream().allMatch(LoggedCall::isPair)) {
        return list.stream()
            .map(pair -> ((List<?>) pair).stream().map(LoggedCall::numberOf).toList())
            .toList();
      }
    }
    return List.of();
  }

  private static boolean isPair(Object value) {
    return value instanceof List<?> pair
        && pair.size() == 2
        && pair.stream().allMatch(LoggedCall::isNumber);
  }
}
