package org.iommulab.evidence.log;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ftrace events that people paste between log lines: mapped, unmapped, faulted. */
final class TraceGrammar {

  static final String[] WORDS = {
    "iova=", "dma_addr=", "io_page_fault", ": dma_alloc", ": dma_free", ": dma_map", ": dma_unmap"
  };

  private static final String H = "(?:0x)?([0-9a-fA-F]{1,16})";
  private static final Pattern HEAD =
      Pattern.compile(
          "(?:^|\\s)(\\d{1,10}\\.\\d{3,9}):"
              + " (map|unmap|dma_alloc|dma_free|io_page_fault|dma_map_page"
              + "|dma_unmap_page|dma_map_phys|dma_unmap_phys|dma_map_resource|dma_unmap_resource|dma_alloc_pages|dma_free_pages):"
              + " (.*)");
  private static final Keywords EVENTS =
      Keywords.any(": map:", ": unmap:", ": io_page_fault:", ": dma_");
  private static final Pattern RANGE = Pattern.compile("iova=" + H + "\\s*-\\s*" + H);
  private static final Pattern IOVA = Pattern.compile("iova=" + H);
  private static final Pattern DMA_ADDRESS = Pattern.compile("dma_addr=" + H);
  private static final Pattern PADDR = Pattern.compile("(?:paddr|phys_addr)=" + H);
  private static final Pattern SIZE = Pattern.compile("\\bsize=(?:0x([0-9a-f]{1,16})|(\\d{1,18}))");
  private static final Pattern UNMAPPED =
      Pattern.compile("\\bunmapped_size=(?:0x([0-9a-f]{1,16})|(\\d{1,18}))");
  private static final Pattern DEVICE =
      Pattern.compile("\\b[0-9a-f]{4,5}:([0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])\\b");

  private final LogFacts facts;

  TraceGrammar(LogFacts facts) {
    this.facts = facts;
  }

  /** An event whose second half mail software put into the next line. */
  static boolean isUnfinished(String text) {
    Matcher head = HEAD.matcher(text);
    if (EVENTS.in(text) == 0 || !head.find()) {
      return false;
    }
    String rest = head.group(3);
    return switch (head.group(2)) {
      case "map", "unmap" -> !SIZE.matcher(rest).find();
      case "io_page_fault" -> !rest.contains("flags=");
      default -> !SIZE.matcher(rest).find();
    };
  }

  void read(LogLine line) {
    Matcher head = HEAD.matcher(line.text());
    if (EVENTS.in(line.text()) == 0 || !head.find()) {
      return;
    }
    String rest = head.group(3);
    Matcher range = RANGE.matcher(rest);
    boolean whole = range.find();
    Long iova = whole ? Long.valueOf(hex(range)) : first(IOVA, rest);
    LogFacts.add(
        facts.trace,
        new TraceEvent(
            line.number(),
            Double.parseDouble(head.group(1)),
            head.group(2),
            device(rest),
            iova != null ? iova : first(DMA_ADDRESS, rest),
            whole ? Long.valueOf(Long.parseUnsignedLong(range.group(2), 16)) : null,
            first(PADDR, rest),
            size(SIZE, rest),
            size(UNMAPPED, rest)));
  }

  private static long hex(Matcher matcher) {
    return Long.parseUnsignedLong(matcher.group(1), 16);
  }

  private static @org.jspecify.annotations.Nullable Long first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? hex(matcher) : null;
  }

  private static @org.jspecify.annotations.Nullable String device(String text) {
    Matcher matcher = DEVICE.matcher(text);
    return matcher.find() ? matcher.group(1) : null;
  }

  private static @org.jspecify.annotations.Nullable Long size(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      return null;
    }
    return matcher.group(1) != null
        ? Long.parseUnsignedLong(matcher.group(1), 16)
        : Long.parseLong(matcher.group(2));
  }
}
