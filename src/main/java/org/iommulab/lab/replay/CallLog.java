package org.iommulab.lab.replay;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Reading;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The calls that a program made on real Linux, as it wrote them down: JSON Lines, perhaps gzipped.
 *
 * @param name where it came from, for messages
 * @param kernel release of the kernel, such as {@code 6.12.117}; empty if the log does not say
 * @param devices the devices under test and their groups
 * @param entries calls and marks, in order
 */
public record CallLog(String name, String kernel, List<Device> devices, List<Entry> entries) {

  private static final int GZIP_MAGIC = 0x1F8B;
  private static final int MOST_BYTES = 64 << 20;

  /** A PCI function the program used, and its group's number. */
  record Device(String address, int group) {}

  /** A call, or the mark of a snapshot: one of the two is null. */
  record Entry(int n, @Nullable LoggedCall call, @Nullable String snapshot) {}

  /** Copies the lists. */
  public CallLog {
    devices = List.copyOf(devices);
    entries = List.copyOf(entries);
  }

  /** All calls in order. */
  List<LoggedCall> calls() {
    var calls = new ArrayList<LoggedCall>();
    for (Entry entry : entries) {
      LoggedCall call = entry.call();
      if (call != null) {
        calls.add(call);
      }
    }
    return calls;
  }

  /** Tells whether a file looks like a call log: its first lines are numbered and have no "op". */
  public static boolean isOne(Path file) {
    try {
      String first = text(file).lines().filter(line -> !line.isBlank()).findFirst().orElse("");
      JsonNode line = Json.readJson(first);
      return line.isObject() && line.has("n") && !line.has("op");
    } catch (IOException | Complaint notALog) {
      return false;
    }
  }

  /** Reads a log. */
  public static Reading<CallLog> read(Path file) {
    try {
      return parse(file.toString(), text(file));
    } catch (NoSuchFileException missing) {
      return new Reading.Bad<>(file + " does not exist");
    } catch (IOException e) {
      return new Reading.Bad<>(file + " cannot be read: " + e.getMessage());
    }
  }

  private static String text(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("it is a folder, a device or a pipe, not a file");
    }
    try (var plain = new BufferedInputStream(Files.newInputStream(file))) {
      plain.mark(2);
      boolean zipped = (plain.read() << 8 | plain.read()) == GZIP_MAGIC;
      plain.reset();
      try (InputStream in = zipped ? new GZIPInputStream(plain) : plain) {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
          throw new IOException("it has more than 64 MiB; a call log is a small text");
        }
        return new String(bytes, StandardCharsets.UTF_8);
      }
    }
  }

  static Reading<CallLog> parse(String name, String text) {
    var devices = new ArrayList<Device>();
    var entries = new ArrayList<Entry>();
    String kernel = "";
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        JsonNode node = Json.readJson(line);
        kernel = node.has("kernel") ? node.get("kernel").asString("") : kernel;
        if (node.has("group") && !node.has("call")) {
          devices.add(device(node));
        } else if (node.has("snapshot")) {
          int n = node.path("n").asInt(number);
          entries.add(new Entry(n, null, node.get("snapshot").asString("")));
        } else if (node.has("call")) {
          LoggedCall call = call(node, number);
          entries.add(new Entry(call.n(), call, null));
        }
      } catch (Complaint e) {
        return new Reading.Bad<>(
            String.format(Locale.ROOT, "%s, line %d: %s", name, number, e.sentence()));
      }
    }
    return entries.isEmpty()
        ? new Reading.Bad<>(name + " has no line with a \"call\": it is no call log")
        : new Reading.Good<>(new CallLog(name, kernel, devices, entries));
  }

  private static Device device(JsonNode node) throws Complaint {
    for (var property : node.properties()) {
      String text = property.getValue().asString("");
      if (text.matches("([0-9a-f]{4}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]")) {
        return new Device(
            text.length() > 7 ? text.substring(5) : text, node.get("group").asInt(-1));
      }
    }
    throw new Complaint("a line with a \"group\" needs the address of a device");
  }

  private static LoggedCall call(JsonNode node, int number) {
    return new LoggedCall(
        node.path("n").asInt(number),
        node.path("phase").asString(""),
        node.path("call").asString(""),
        values(node.path("args")),
        node.path("ret").asLong(0),
        node.path("errno").asString("0"),
        values(node.path("out")),
        node.path("note").asString(""));
  }

  private static Map<String, Object> values(JsonNode node) {
    var values = new LinkedHashMap<String, Object>();
    for (var property : node.properties()) {
      Object value = value(property.getValue());
      if (value != null) {
        values.put(property.getKey(), value);
      }
    }
    return values;
  }

  private static @Nullable Object value(JsonNode node) {
    if (node.isObject()) {
      return values(node);
    }
    if (node.isArray()) {
      var list = new ArrayList<Object>();
      for (JsonNode element : node) {
        Object value = value(element);
        if (value != null) {
          list.add(value);
        }
      }
      return list;
    }
    if (node.isIntegralNumber()) {
      return node.bigIntegerValue().longValue();
    }
    return node.isString() ? node.stringValue() : node.isBoolean() ? node.toString() : null;
  }
}
