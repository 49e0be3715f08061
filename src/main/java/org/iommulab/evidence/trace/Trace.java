package org.iommulab.evidence.trace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.iommulab.evidence.archive.Archive;
import org.iommulab.progress.FileInput;
import org.jspecify.annotations.Nullable;

/**
 * The events of a text, in their order. Of more than two hundred thousand the rest is counted and
 * taken into account, but not kept as rows.
 */
public final class Trace {

  private static final int MOST_KEPT = 200_000;
  private static final int LONGEST_LINE = 4096;
  private static final int MAIL_WIDTH = 100;
  private static final Pattern CONTINUATION =
      Pattern.compile(
          "\\s*(?:\\w{2,20}=|0x[0-9a-f]|[0-9a-f]{2}:[0-9a-f]{2}\\.|(?:addr|iova|dev|sid|gpa) )");
  private static final Pattern QUOTE = Pattern.compile("^[> ]*> ?");

  private String name;
  private final List<Event> events = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private final Mappings mappings = new Mappings();
  private @Nullable Event open;
  private String openLine = "";
  private long total;
  private long others;

  private Trace(String name) {
    this.name = name;
  }

  /**
   * Reads a text; one without any event gives an empty trace.
   *
   * @param in not compressed; stays open
   * @throws IOException if it cannot be read
   */
  public static Trace read(InputStream in, String name) throws IOException {
    var trace = new Trace(name);
    var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    long number = 1;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      trace.line(line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line, number++);
    }
    trace.finish();
    return trace;
  }

  /**
   * Reads a file, also {@code .gz} and {@code .xz}.
   *
   * @throws IOException if it cannot be read or unpacked
   */
  public static Trace read(Path path) throws IOException {
    try (InputStream raw = FileInput.open(path);
        InputStream in = Archive.plain(raw)) {
      return read(in, path.toString());
    }
  }

  private void line(String raw, long number) {
    String line = raw.startsWith(">") ? QUOTE.matcher(raw).replaceFirst("") : raw;
    Event event = line.startsWith("#") ? null : EventGrammar.read(line, number);
    if (event != null) {
      finish();
      open = event;
      openLine = line;
      return;
    }
    Event before = open;
    if (before == null
        || openLine.length() > MAIL_WIDTH
        || !CONTINUATION.matcher(line).lookingAt()) {
      others += line.isBlank() ? 0 : 1;
      return;
    }
    // Mail software broke the line.
    Event whole = EventGrammar.read(openLine + " " + line.strip(), before.line());
    open = whole == null ? before : whole;
    openLine = "";
    finish();
  }

  private void finish() {
    Event event = open;
    if (event == null) {
      return;
    }
    open = null;
    total++;
    counts.merge(event.name(), 1L, Long::sum);
    mappings.see(event);
    if (events.size() < MOST_KEPT) {
      events.add(event);
    }
  }

  /** The same under another name, such as that in the archive it was unpacked from. */
  public Trace named(String other) {
    name = other;
    return this;
  }

  /** Where it came from. */
  public String name() {
    return name;
  }

  /** The first events, in order. */
  public List<Event> events() {
    return Collections.unmodifiableList(events);
  }

  /** How many events there are in all. */
  public long total() {
    return total;
  }

  /** Lines of another form: comments, other programs' output, events of other systems. */
  public long others() {
    return others;
  }

  /** How often each event happened, by name. */
  public Map<String, Long> counts() {
    return Collections.unmodifiableMap(counts);
  }

  /** What became of mappings. */
  public Mappings mappings() {
    return mappings;
  }
}
