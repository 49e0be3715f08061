package org.iommulab.evidence.trace;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.trace.Event.Type;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;

/**
 * Lines of ftrace, {@code trace-cmd report}, {@code perf script} and QEMU's log. Source: {@code
 * include/trace/events/{iommu,dma,swiotlb}.h}, {@code drivers/iommu/intel/trace.h}, QEMU's {@code
 * hw/i386/trace-events}.
 */
final class EventGrammar {

  private static final String HEX = "(?:0x)?([0-9a-f]{1,16})";

  /** Seconds, a colon, perhaps the system, the event. */
  private static final Pattern KERNEL =
      Pattern.compile(
          "(?:^|[\\s\\]])(\\d{1,10}\\.\\d{3,9}): (?:(iommu|intel_iommu|swiotlb|dma):)?"
              + "([a-z][a-z0-9_]{2,40}): ?(.*)");

  private static final Pattern QEMU =
      Pattern.compile("(?:(?:\\d{1,9}@)?(\\d{1,12}\\.\\d{6}):|(\\S{20,32}) )(vtd_\\w+) ?(.*)");
  private static final Pattern RANGE = Pattern.compile("iova=" + HEX + "\\s*-\\s*" + HEX);
  private static final Pattern IOVA =
      Pattern.compile("\\b(?:iova=|dma_addr=|dev_addr=|iova |addr )" + HEX);
  private static final Pattern LIST = Pattern.compile("dma_addrs=\\{" + HEX + "[^}]*\\}");
  private static final Pattern SIZES =
      Pattern.compile("sizes=\\{([0-9a-fx, ]{1,4000})\\}", Pattern.CASE_INSENSITIVE);
  private static final Pattern PHYSICAL =
      Pattern.compile("(?:\\bpaddr=|\\bphys_addr=|-> gpa |\\bslpte )" + HEX);
  private static final Pattern SIZE =
      Pattern.compile("\\bsize=(?:0x([0-9a-f]{1,16})|(\\d{1,18}))\\b");
  private static final Pattern DEVICE =
      Pattern.compile("\\b(?:[0-9a-f]{4,5}:)?([0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])\\b");
  private static final Pattern QEMU_DEVICE =
      Pattern.compile("\\bdev(?:ice)? ([0-9a-f]{2}):([0-9a-f]{2})\\.0?([0-7])\\b");
  private static final Pattern QEMU_SOURCE = Pattern.compile("\\bsid 0x([0-9a-f]{1,4})\\b");
  private static final Pattern DOMAIN =
      Pattern.compile("\\bdid (\\d{1,5})\\b|\\bdomain (?:id )?0x([0-9a-f]{1,4})\\b");
  private static final Pattern FLUSHED =
      Pattern.compile("\\[0x([0-9a-f]{1,16})-0x([0-9a-f]{1,16})\\]");
  private static final Pattern SUBMITTED =
      Pattern.compile("^(\\w+) \\S+ 0x([0-9a-f]{1,16}) 0x([0-9a-f]{1,16})");
  private static final Pattern QEMU_MASK = Pattern.compile("\\bmask 0x([0-9a-f]{1,16})\\b");
  private static final int PAGE_SELECTIVE = 3;

  private static final Set<String> MAPS =
      Set.of(
          "map",
          "map_single",
          "map_sg",
          "bounce_map_single",
          "dma_alloc",
          "dma_alloc_pages",
          "dma_alloc_sgt",
          "dma_map_page",
          "dma_map_phys",
          "dma_map_resource",
          "dma_map_sg");
  private static final Set<String> UNMAPS =
      Set.of(
          "unmap",
          "unmap_single",
          "unmap_sg",
          "bounce_unmap_single",
          "dma_free",
          "dma_free_pages",
          "dma_free_sgt",
          "dma_unmap_page",
          "dma_unmap_phys",
          "dma_unmap_resource",
          "dma_unmap_sg");
  private static final Set<String> USES =
      Set.of("vtd_dmar_translate", "vtd_iotlb_page_hit", "vtd_iotlb_page_update");
  private static final Set<String> FLUSHES =
      Set.of(
          "cache_tag_flush_range",
          "cache_tag_flush_all",
          "vtd_inv_desc_iotlb_global",
          "vtd_inv_desc_iotlb_domain",
          "vtd_inv_desc_iotlb_pages",
          "vtd_inv_desc_iotlb_pasid_pages",
          "vtd_inv_desc_iotlb_pasid");
  private static final Set<String> ATTACHES =
      Set.of(
          "add_device_to_group",
          "remove_device_from_group",
          "attach_device_to_domain",
          "detach_device_from_domain",
          "cache_tag_assign",
          "cache_tag_unassign",
          "vtd_switch_address_space");

  private EventGrammar() {}

  /** The event on a line, or null if there is none. */
  static @Nullable Event read(String line, long number) {
    if (line.contains("vtd_")) {
      Matcher qemu = QEMU.matcher(line);
      if (qemu.find()) {
        return qemu(qemu, number);
      }
    }
    Matcher kernel = KERNEL.matcher(line);
    return kernel.find() ? kernel(kernel, number) : null;
  }

  private static @Nullable Event kernel(Matcher head, long number) {
    String name = head.group(3);
    String text = head.group(4).strip();
    Type type = type(name, text);
    if (type == Type.OTHER && head.group(2) == null && !isOurs(name)) {
      return null;
    }
    double seconds = Double.parseDouble(head.group(1));
    if (name.equals("qi_submit")) {
      return submitted(number, seconds, text);
    }
    Long start = null;
    Long size = size(text);
    Matcher range = (type == Type.FLUSH ? FLUSHED : RANGE).matcher(text);
    if (range.find()) {
      start = hex(range.group(1));
      if (size == null || type == Type.FLUSH) {
        long last = hex(range.group(2)) + (type == Type.FLUSH ? 1 : 0);
        size = last - start <= 0 ? null : last - start;
      }
    } else if (type != Type.FLUSH) {
      start = first(text.contains("dma_addrs=") ? LIST : IOVA, text);
      size = size == null ? total(text) : size;
    }
    return new Event(
        number,
        seconds,
        name,
        type,
        group(DEVICE, text),
        domain(text),
        start,
        size,
        first(PHYSICAL, text),
        text);
  }

  /** A descriptor as the driver hands it to the unit. */
  private static Event submitted(long number, double seconds, String text) {
    Type type = type("qi_submit", text);
    Matcher words = SUBMITTED.matcher(text);
    Long start = null;
    Long size = null;
    int domain = -1;
    if (type == Type.FLUSH && words.find()) {
      long low = hex(words.group(2));
      long high = hex(words.group(3));
      domain = (int) (low >>> 16 & 0xFFFF);
      if ((low >>> 4 & 3) == PAGE_SELECTIVE && words.group(1).equals("iotlb_inv")) {
        start = high & -Page.BYTES;
        size = Page.BYTES << (high & 0x3F);
      }
    }
    return new Event(number, seconds, "qi_submit", type, null, domain, start, size, null, text);
  }

  private static Event qemu(Matcher head, long number) {
    String name = head.group(3);
    String text = head.group(4).strip();
    Type type = type(name, text);
    Long start = first(IOVA, text);
    Long size = null;
    if (type == Type.USE) {
      Matcher mask = QEMU_MASK.matcher(text);
      size = mask.find() ? hex(mask.group(1)) + 1 : Page.BYTES;
    } else if (type == Type.FLUSH) {
      Matcher mask = QEMU_MASK.matcher(text);
      size = start != null && mask.find() ? Page.BYTES << (hex(mask.group(1)) & 0x3F) : null;
    }
    Long physical = first(PHYSICAL, text);
    return new Event(
        number,
        seconds(head),
        name,
        type,
        qemuDevice(text),
        domain(text),
        start,
        size,
        physical == null ? null : physical & -Page.BYTES & 0x000F_FFFF_FFFF_FFFFL,
        text);
  }

  private static double seconds(Matcher head) {
    if (head.group(1) != null) {
      return Double.parseDouble(head.group(1));
    }
    try {
      Instant at = Instant.parse(head.group(2));
      return at.getEpochSecond() + at.getNano() / 1e9;
    } catch (DateTimeException e) {
      return Double.NaN;
    }
  }

  private static Type type(String name, String text) {
    if (MAPS.contains(name)) {
      return Type.MAP;
    }
    if (UNMAPS.contains(name)) {
      return Type.UNMAP;
    }
    if (FLUSHES.contains(name)
        || name.equals("qi_submit")
            && (text.startsWith("iotlb_inv") || text.startsWith("p_iotlb_inv"))) {
      return Type.FLUSH;
    }
    if (ATTACHES.contains(name)) {
      return Type.ATTACH;
    }
    if (name.equals("io_page_fault") || name.equals("vtd_dmar_fault")) {
      return Type.FAULT;
    }
    if (name.equals("swiotlb_bounced")) {
      return Type.BOUNCE;
    }
    return USES.contains(name) ? Type.USE : Type.OTHER;
  }

  /** Events of these systems that change no mapping. */
  private static boolean isOurs(String name) {
    return name.startsWith("cache_tag_")
        || name.startsWith("dma_sync_")
        || name.startsWith("dma_map_")
        || name.equals("qi_submit")
        || name.equals("prq_report");
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits, 16);
  }

  private static @Nullable Long first(Pattern pattern, String text) {
    String digits = group(pattern, text);
    return digits == null ? null : Long.valueOf(hex(digits));
  }

  private static @Nullable String group(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : null;
  }

  private static @Nullable Long size(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.find()) {
      return null;
    }
    return matcher.group(1) != null ? hex(matcher.group(1)) : Long.parseLong(matcher.group(2));
  }

  /** Bytes of a list whose pieces lie behind each other. */
  private static @Nullable Long total(String text) {
    String sizes = group(SIZES, text);
    if (sizes == null) {
      return null;
    }
    long sum = 0;
    for (String size : sizes.split(",")) {
      String digits = size.strip().replaceFirst("^0x", "");
      sum += digits.matches("[0-9a-f]{1,15}") ? hex(digits) : 0;
    }
    return sum;
  }

  private static @Nullable String qemuDevice(String text) {
    Matcher named = QEMU_DEVICE.matcher(text);
    if (named.find()) {
      return named.group(1) + ":" + named.group(2) + "." + named.group(3);
    }
    String source = group(QEMU_SOURCE, text);
    return source == null ? null : new SourceId(Integer.parseInt(source, 16)).toString();
  }

  private static int domain(String text) {
    Matcher matcher = DOMAIN.matcher(text);
    if (!matcher.find()) {
      return -1;
    }
    return matcher.group(1) != null
        ? Integer.parseInt(matcher.group(1))
        : Integer.parseInt(matcher.group(2), 16);
  }
}
