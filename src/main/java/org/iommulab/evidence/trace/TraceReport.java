package org.iommulab.evidence.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.iommulab.evidence.trace.Event.Type;
import org.iommulab.memory.Page;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** A trace told to a person or a program: who did what how often, and what became of mappings. */
public final class TraceReport {

  private static final int MOST = 20;

  /** Clocks beyond this count from 1970: the trace's beginning says more. */
  private static final double CALENDAR = 1e8;

  private static final int LANES = 8;
  private static final int COLUMNS = 64;

  private final Trace trace;
  private final @Nullable String device;
  private final boolean chinese;
  private final double origin;
  private final StringBuilder out = new StringBuilder();

  private TraceReport(Trace trace, @Nullable String device, boolean chinese) {
    this.trace = trace;
    this.device = device;
    this.chinese = chinese;
    double first = trace.events().isEmpty() ? 0 : trace.events().getFirst().seconds();
    origin = first > CALENDAR ? first : 0;
  }

  /**
   * For a person at a terminal.
   *
   * @param device {@code bb:dd.f}, or null for all
   */
  public static String text(Trace trace, @Nullable String device, boolean chinese) {
    var report = new TraceReport(trace, device, chinese);
    report.write();
    return report.out.toString();
  }

  private String word(String english, String other) {
    return chinese ? other : english;
  }

  private void line(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
  }

  private boolean isWanted(Event event) {
    return device == null || event.device() == null || device.equals(event.device());
  }

  private void write() {
    List<Event> events = trace.events();
    double first = events.isEmpty() ? 0 : events.getFirst().seconds();
    double last = events.isEmpty() ? 0 : events.getLast().seconds();
    line(
        word("%s: %d events in %.3f s, %d other lines", "%s：%d 个事件，历时 %.3f 秒，其他 %d 行"),
        trace.name(),
        trace.total(),
        last - first,
        trace.others());
    trace.counts().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(MOST)
        .forEach(count -> line("  %8d %s", count.getValue(), count.getKey()));
    devices();
    lanes();
    faults();
    ends();
  }

  private void devices() {
    trace
        .mappings()
        .byDevice()
        .forEach(
            (name, counts) -> {
              if (!name.isEmpty() && (device == null || device.equals(name))) {
                line("  %s  %s", name, words(counts));
              }
            });
  }

  /**
   * What happened when, for each device: a column of letters is a moment, the gravest one shows.
   */
  private void lanes() {
    TimeLanes lanes = TimeLanes.of(trace.events().stream().filter(this::isWanted).toList(), LANES);
    if (lanes.lanes().isEmpty()) {
      return;
    }
    String from = moment(lanes, lanes.from());
    String to = moment(lanes, lanes.to());
    line(
        "  %-12s %s%s%s",
        "", from, " ".repeat(Math.max(1, COLUMNS - from.length() - to.length())), to);
    for (TimeLanes.Lane lane : lanes.lanes()) {
      char[] letters = " ".repeat(COLUMNS).toCharArray();
      int[] gravity = new int[COLUMNS];
      for (Event event : lane.events()) {
        int column = (int) Math.round(lanes.place(event) * (COLUMNS - 1));
        if (gravity(event.type()) > gravity[column]) {
          gravity[column] = gravity(event.type());
          letters[column] = letter(event.type());
        }
      }
      String name = lane.device().isEmpty() ? word("(no device)", "（未指明）") : lane.device();
      line("  %-12s %s", name, new String(letters).stripTrailing());
    }
    if (lanes.left() > 0) {
      line(word("  and %d more devices", "  另有 %d 个设备"), lanes.left());
    }
    line(
        word(
            "  m map, u unmap, f flush, . use, a attach, b bounce, ! fault",
            "  m 映射，u 解除映射，f 刷新，. 使用，a 附加，b 反弹，! 故障"));
  }

  private String moment(TimeLanes lanes, double at) {
    return lanes.timed()
        ? String.format(Locale.ROOT, word("%.6f s", "%.6f 秒"), at - origin)
        : String.format(Locale.ROOT, word("line %.0f", "第 %.0f 行"), at);
  }

  private static int gravity(Type type) {
    return switch (type) {
      case FAULT -> 7;
      case UNMAP -> 6;
      case MAP -> 5;
      case FLUSH -> 4;
      case ATTACH -> 3;
      case BOUNCE -> 2;
      case USE -> 1;
      case OTHER -> 0;
    };
  }

  private static char letter(Type type) {
    return switch (type) {
      case FAULT -> '!';
      case UNMAP -> 'u';
      case MAP -> 'm';
      case FLUSH -> 'f';
      case ATTACH -> 'a';
      case BOUNCE -> 'b';
      case USE -> '.';
      case OTHER -> ' ';
    };
  }

  private static String words(EnumMap<Type, Long> counts) {
    var parts = new ArrayList<String>();
    counts.forEach((type, count) -> parts.add(type.word() + " " + count));
    return String.join(", ", parts);
  }

  /** Faults of one device in one page are told once. */
  private void faults() {
    var first = new LinkedHashMap<String, Mappings.Moment>();
    var counts = new HashMap<String, Integer>();
    for (Mappings.Moment moment : trace.mappings().faults()) {
      Event fault = moment.fault();
      if (isWanted(fault)) {
        long page = Objects.requireNonNullElse(fault.iova(), 0L) & -Page.BYTES;
        String key = fault.device() + " " + page;
        first.putIfAbsent(key, moment);
        counts.merge(key, 1, Integer::sum);
      }
    }
    first.entrySet().stream()
        .limit(MOST)
        .forEach(one -> line("%s", sentence(one.getValue(), counts.getOrDefault(one.getKey(), 1))));
    if (first.size() > MOST) {
      line(word("and faults in %d more pages", "另有 %d 页出现故障"), first.size() - MOST);
    }
  }

  /** What a fault met, in one sentence. */
  private String sentence(Mappings.Moment moment, int count) {
    Event fault = moment.fault();
    String who =
        String.format(
            Locale.ROOT,
            word("line %d, %.6f s: fault of %s at 0x%x%s: ", "第 %d 行，%.6f 秒：%s 访问 0x%x 出错%s："),
            fault.line(),
            fault.seconds() - origin,
            Objects.requireNonNullElse(fault.device(), "?"),
            fault.iova(),
            count == 1
                ? ""
                : String.format(Locale.ROOT, word(", %d in this page", "，该页共 %d 次"), count));
    return who + circumstances(moment, chinese);
  }

  /** What was mapped at the moment, in half a sentence. */
  public static String circumstances(Mappings.Moment moment, boolean chinese) {
    Event fault = moment.fault();
    if (moment.mapped().isPresent()) {
      Event map = moment.mapped().get();
      return String.format(
          Locale.ROOT,
          chinese ? "该地址当时已映射（%s，第 %d 行）" : "it was mapped at that moment (%s, line %d)",
          range(map),
          map.line());
    }
    if (moment.unmapped().isPresent()) {
      Event end = moment.unmapped().get();
      return String.format(
          Locale.ROOT,
          chinese ? "%s 在 %.6f 秒前已解除映射（第 %d 行）" : "%s was unmapped %.6f s before (line %d)",
          range(end),
          fault.seconds() - end.seconds(),
          end.line());
    }
    if (!moment.recorded()) {
      return chinese ? "该跟踪不记录映射" : "this trace does not record mappings";
    }
    String beside =
        moment
            .below()
            .map(
                map ->
                    String.format(
                        Locale.ROOT,
                        chinese
                            ? "；最近的映射 %s 在其前 0x%x 字节结束"
                            : "; the nearest mapping %s ends 0x%x bytes before",
                        range(map),
                        Objects.requireNonNullElse(fault.iova(), 0L) - map.end() - 1))
            .orElse("");
    return (chinese ? "跟踪中从未映射过该地址" : "the trace never mapped it") + beside;
  }

  private static String range(Event event) {
    return String.format(Locale.ROOT, "0x%x-0x%x", event.iova(), event.end());
  }

  private void ends() {
    Mappings mappings = trace.mappings();
    List<Event> open = mappings.open().stream().filter(this::isWanted).toList();
    if (!open.isEmpty()) {
      line(
          word("Mappings not unmapped when the trace ended: %d", "跟踪结束时尚未解除的映射：%d"),
          device == null ? mappings.openCount() : open.size());
      rows(open);
    }
    List<Event> unflushed = mappings.unflushed().stream().filter(this::isWanted).toList();
    if (!unflushed.isEmpty()) {
      line(
          word("Unmaps not flushed when the trace ended: %d", "跟踪结束时尚未刷新的解除映射：%d"),
          unflushed.size());
      rows(unflushed);
    }
    if (!mappings.reused().isEmpty()) {
      line(
          word(
              "%d times an address was mapped anew before a flush (perhaps in another domain: these"
                  + " events name none), the first time on line %d",
              "有 %d 次在刷新之前重新映射了同一地址（可能属于另一个域，这类事件不含域号），首次在第 %d 行"),
          mappings.reused().size(),
          mappings.reused().getFirst().map().line());
    }
    boolean unmaps = trace.counts().containsKey("unmap");
    if (unmaps && !mappings.hasFlushes()) {
      line(
          "%s",
          word(
              "The trace has no flushes: record intel_iommu:* as well to see them.",
              "跟踪中没有刷新事件：请同时记录 intel_iommu:*。"));
    }
  }

  private void rows(List<Event> events) {
    for (Event event : events.subList(0, Math.min(MOST, events.size()))) {
      line(
          "    %s %s%s  (%s %d)",
          event.name(),
          event.device() == null ? "" : event.device() + " ",
          range(event),
          word("line", "行"),
          event.line());
    }
  }

  /** The same as members of the object that is open. */
  public static void json(Trace trace, @Nullable String device, JsonGenerator out) {
    var report = new TraceReport(trace, device, false);
    out.writeNumberProperty("events", trace.total());
    out.writeNumberProperty("other_lines", trace.others());
    out.writeObjectPropertyStart("counts");
    trace.counts().forEach(out::writeNumberProperty);
    out.writeEndObject();
    out.writeArrayPropertyStart("devices");
    trace
        .mappings()
        .byDevice()
        .forEach(
            (name, counts) -> {
              if (!name.isEmpty() && (device == null || device.equals(name))) {
                out.writeStartObject();
                out.writeStringProperty("device", name);
                counts.forEach((type, count) -> out.writeNumberProperty(type.word(), count));
                out.writeEndObject();
              }
            });
    out.writeEndArray();
    out.writeArrayPropertyStart("faults");
    for (Mappings.Moment moment : trace.mappings().faults()) {
      if (report.isWanted(moment.fault())) {
        out.writeStartObject();
        members(moment.fault(), out);
        nested("mapped", moment.mapped(), out);
        nested("unmapped", moment.unmapped(), out);
        nested("below", moment.below(), out);
        nested("above", moment.above(), out);
        out.writeStringProperty("circumstances", circumstances(moment, false));
        out.writeEndObject();
      }
    }
    out.writeEndArray();
    out.writeNumberProperty("open_count", trace.mappings().openCount());
    report.list("open", trace.mappings().open(), out);
    out.writeBooleanProperty("has_flushes", trace.mappings().hasFlushes());
    report.list("unflushed", trace.mappings().unflushed(), out);
    out.writeNumberProperty("mapped_before_flush", trace.mappings().reused().size());
  }

  private void list(String name, List<Event> events, JsonGenerator out) {
    out.writeArrayPropertyStart(name);
    for (Event event : events) {
      if (isWanted(event)) {
        out.writeStartObject();
        members(event, out);
        out.writeEndObject();
      }
    }
    out.writeEndArray();
  }

  private static void nested(String name, Optional<Event> event, JsonGenerator out) {
    event.ifPresent(
        found -> {
          out.writeObjectPropertyStart(name);
          members(found, out);
          out.writeEndObject();
        });
  }

  private static void members(Event event, JsonGenerator out) {
    out.writeNumberProperty("line", event.line());
    if (!Double.isNaN(event.seconds())) {
      out.writeNumberProperty("seconds", event.seconds());
    }
    out.writeStringProperty("event", event.name());
    if (event.device() != null) {
      out.writeStringProperty("device", event.device());
    }
    if (event.iova() != null) {
      out.writeStringProperty("iova", "0x" + Long.toHexString(event.iova()));
    }
    if (event.size() != null) {
      out.writeNumberProperty("size", event.size());
    }
    if (event.physical() != null) {
      out.writeStringProperty("physical", "0x" + Long.toHexString(event.physical()));
    }
  }
}
