package org.iommulab.evidence.log;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fault lines of every era. A line is recognised by its shape, never by a version. Source:
 * diagnosis.md 1.4.
 */
final class FaultGrammar {

  private static final String DEVICE = "request device";
  private static final String REASON = "fault reason";
  private static final int NAMES = 4096;
  private static final String OLD_XEN_WORD = "iommu_fault:";
  private static final Pattern BROKEN_REASON =
      Pattern.compile("\\[f\\s?a\\s?u\\s?l\\s?t\\s?r\\s?e\\s?a\\s?s\\s?o\\s?n(?=[\\s\\]])");
  private static final Pattern OLD_XEN =
      Pattern.compile(
          "iommu_fault: ?DMA (Read|Write): ([0-9a-f]{1,2}:[0-9a-f]{1,2}\\.[0-7]) addr"
              + " ([0-9a-f]{1,16}) REASON ([0-9a-f]{1,2})");

  /** Requesters seen: a storm repeats a few of them a million times. */
  private final Map<String, Requester> names = new HashMap<>();

  /** Reasons seen, by all that was printed of them. */
  private final Map<String, ReasonLine> reasons = new HashMap<>();

  /** What stands between the brackets, read. */
  private record Requester(@Nullable String segment, @Nullable String bdf) {}

  /** What was made of a line. */
  sealed interface Parsed {}

  /** Not about a fault. */
  record Nothing() implements Parsed {}

  /** The line goes on in the next one. */
  record Unfinished() implements Parsed {}

  /** A fault; its reason may follow in a line of its own. */
  record Whole(LogFault fault) implements Parsed {}

  /** The second line of an old form. */
  record ReasonLine(Reason reason) implements Parsed {}

  private static final Parsed NOTHING = new Nothing();
  private static final Parsed UNFINISHED = new Unfinished();

  /**
   * Reads a line.
   *
   * @param last true if no line can follow, so that what is there must do
   */
  Parsed parse(LogLine line, int boot, boolean last) {
    String text = line.text();
    int device = Cursor.find(text, DEVICE, 0);
    if (device >= 0) {
      return fault(line, boot, device, last);
    }
    if (!last
        && (Cursor.find(text, "[dma ", 0) >= 0 || Cursor.find(text, "[intr-remap]", 0) >= 0)) {
      return UNFINISHED;
    }
    Parsed old = line.text().contains(OLD_XEN_WORD) ? oldXen(line, boot) : null;
    return old == null ? reasonLine(line, last) : old;
  }

  /** The one line of Xen 3. Source: Xen 3.2 {@code drivers/passthrough/vtd/iommu.c}. */
  private @Nullable Parsed oldXen(LogLine line, int boot) {
    Matcher old = OLD_XEN.matcher(line.text());
    if (!old.find()) {
      return null;
    }
    Requester requester = requester(old.group(2));
    return new Whole(
        new LogFault(
            line.number(),
            boot,
            line.seconds(),
            line.clock(),
            old.group(1).equals("Read") ? LogFault.Kind.DMA_READ : LogFault.Kind.DMA_WRITE,
            requester.segment(),
            requester.bdf(),
            Long.parseUnsignedLong(old.group(3), 16),
            null,
            null,
            Reason.of(old.group(4), "", true),
            LogFault.Form.XEN));
  }

  private Parsed fault(LogLine line, int boot, int device, boolean last) {
    String text = line.text();
    String head = text.substring(0, device).toLowerCase(Locale.ROOT);
    boolean dma = head.contains("dma read") || head.contains("dma write") || head.contains("[dma");
    boolean interrupt = head.contains("intr-remap") || head.contains("intr_remap");
    if (!dma && !interrupt && !head.contains("dmar") && !head.contains("vt-d")) {
      return NOTHING;
    }
    var cursor = new Cursor(text, device + DEVICE.length());
    String id = id(cursor);
    String pasidRaw = pasidInHead(head);
    if (cursor.accept("pasid")) {
      pasidRaw = cursor.word();
    }
    cursor.accept("fault");
    boolean index = cursor.accept("index");
    boolean addr = !index && (cursor.accept("addr") || cursor.accept("address"));
    Long address = index || addr ? cursor.hex() : null;
    boolean open = id == null || address == null || cursor.rest().strip().equals("x");
    if (address != null && (cursor.mask() || isCut(cursor.rest()))) {
      address = null;
    }
    if (open && !last) {
      return UNFINISHED;
    }
    boolean xen = line.xen() || head.contains("vt-d]");
    String rest = cursor.rest();
    int mark = Cursor.find(rest, "[" + REASON, 0);
    if (mark < 0 && rest.indexOf('[') >= 0) {
      rest = BROKEN_REASON.matcher(rest).replaceFirst("[" + REASON);
      mark = Cursor.find(rest, "[" + REASON, 0);
    }
    Reason reason = Reason.NONE;
    if (mark >= 0) {
      Parsed parsed = reason(rest, mark + 1 + REASON.length(), xen, last);
      if (!(parsed instanceof ReasonLine(Reason found))) {
        return parsed;
      }
      reason = found;
    } else if (rest.indexOf('[') >= 0 && rest.indexOf(']') < 0 && !last) {
      return UNFINISHED;
    } else if (!rest.isBlank()) {
      reason = Reason.inside(rest);
    }
    boolean isInterrupt = interrupt && !dma || index;
    LogFault.Kind kind =
        isInterrupt
            ? LogFault.Kind.INTERRUPT
            : head.contains("write") ? LogFault.Kind.DMA_WRITE : LogFault.Kind.DMA_READ;
    Requester requester = requester(id == null ? "" : id);
    return new Whole(
        new LogFault(
            line.number(),
            boot,
            line.seconds(),
            line.clock(),
            kind,
            requester.segment(),
            requester.bdf(),
            address,
            pasid(pasidRaw),
            raw(pasidRaw),
            reason,
            xen ? LogFault.Form.XEN : LogFault.Form.LINUX));
  }

  /** What stands in the brackets, which some kernels open twice. */
  private @Nullable String id(Cursor cursor) {
    cursor.blanks();
    if (cursor.peek() != '[') {
      String bare = cursor.rest().strip().split("\\s", 2)[0];
      if (bare.indexOf(':') > 0 && bare.indexOf('.') > 0) {
        cursor.accept(bare);
        return bare;
      }
      return null;
    }
    while (cursor.peek() == '[') {
      cursor.accept("[");
    }
    String inside = cursor.until(']');
    return inside;
  }

  private Requester requester(String id) {
    Requester known = names.get(id);
    if (known == null) {
      String name = id.replaceAll("0[xX]", "").strip();
      String segment = segment(name);
      known = new Requester(segment, bdf(name, segment));
      if (names.size() < NAMES) {
        names.put(id, known);
      }
    }
    return known;
  }

  private static @Nullable String pasidInHead(String head) {
    int at = head.lastIndexOf("pasid");
    if (at < 0) {
      return null;
    }
    if (at >= 3 && head.startsWith("no_", at - 3)) {
      return "NO_PASID";
    }
    return new Cursor(head, at + 5).word();
  }

  private static @Nullable String raw(@Nullable String pasid) {
    return pasid == null || pasid.isEmpty() ? null : pasid;
  }

  private static @Nullable Long pasid(@Nullable String raw) {
    if (raw == null || raw.isEmpty() || raw.equals("NO_PASID")) {
      return null;
    }
    Long value = new Cursor(raw, 0).hex();
    return value == null || value == 0xFFFF_FFFFL ? null : value;
  }

  private static @Nullable String segment(String name) {
    int first = name.indexOf(':');
    return first > 0 && name.indexOf(':', first + 1) > 0
        ? name.substring(0, first).toLowerCase(Locale.ROOT)
        : null;
  }

  /** {@code bb:dd.f}; null if it is no such thing. */
  private static @Nullable String bdf(String name, @Nullable String segment) {
    String plain = name.substring(segment == null ? 0 : name.indexOf(':') + 1);
    int colon = separator(plain, 0);
    int dot = separator(plain, colon + 1);
    if (colon < 1 || dot < colon + 2 || dot + 1 >= plain.length()) {
      return null;
    }
    int bus = hex(plain, 0, colon);
    int device = hex(plain, colon + 1, dot);
    int function = hex(plain, dot + 1, plain.length());
    if (bus < 0 || bus > 0xFF || device < 0 || device > 0x1F || function < 0 || function > 7) {
      return null;
    }
    return String.format(Locale.ROOT, "%02x:%02x.%d", bus, device, function);
  }

  /** A letter right behind the digits, and nothing more: a screen or a pager cut the line there. */
  private static boolean isCut(String rest) {
    return rest.length() == 1 && Character.isLetter(rest.charAt(0)) && !rest.equals("x")
        || rest.startsWith("…");
  }

  /** People who copy by hand mistake colons, points and commas for each other. */
  private static int separator(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (":.,;".indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private static int hex(String text, int from, int to) {
    int value = 0;
    if (to - from > 4) {
      return -1;
    }
    for (int i = from; i < to; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private Parsed reasonLine(LogLine line, boolean last) {
    String text = line.text();
    int bracket = Cursor.find(text, "[" + REASON, 0);
    if (bracket >= 0) {
      boolean xen = line.xen() || Cursor.find(text, "vt-d]", 0) >= 0;
      return reason(text, bracket + 1 + REASON.length(), xen, last);
    }
    int xenWord = Cursor.find(text, "dmar: reason ", 0);
    int offset = "dmar: reason ".length();
    if (xenWord < 0) {
      xenWord = Cursor.find(text, "intr-remap: reason ", 0);
      offset = "intr-remap: reason ".length();
    }
    if (xenWord >= 0) {
      return reason(text, xenWord + offset, true, last);
    }
    int empty = Cursor.find(text, "intr-remap:[]", 0);
    if (empty < 0) {
      empty = Cursor.find(text, "dmar:[]", 0);
    }
    if (empty >= 0) {
      String words = text.substring(text.indexOf(']', empty) + 1);
      return finished("", words, false, last);
    }
    return NOTHING;
  }

  /** A number up to a bracket or dash, then words. */
  private Parsed reason(String text, int at, boolean xen, boolean last) {
    var cursor = new Cursor(text, at);
    String raw = cursor.word();
    if (raw.isEmpty() && cursor.peek() != ']') {
      return last ? new ReasonLine(Reason.NONE) : UNFINISHED;
    }
    boolean closed = cursor.accept("]") || cursor.accept("-") || cursor.accept(":");
    if (!closed && !last) {
      return UNFINISHED;
    }
    return finished(raw, cursor.rest(), xen, last);
  }

  private Parsed finished(String raw, String words, boolean xen, boolean last) {
    String key = words + '\0' + raw + (xen ? 'x' : ' ');
    ReasonLine known = reasons.get(key);
    if (known != null) {
      return known;
    }
    Reason.Fit fit = Reason.fit(words);
    if (!last && fit == Reason.Fit.BEGUN) {
      return UNFINISHED;
    }
    var line = new ReasonLine(Reason.of(raw, words, xen));
    if (fit == Reason.Fit.WHOLE && reasons.size() < NAMES) {
      reasons.put(key, line);
    }
    return line;
  }
}
