package org.iommulab.lab.replay;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.progress.FileInput;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The calls that a program made on real Linux, as it wrote them down: JSON Lines, perhaps gzipped.
 *
 * @param name where it came from, for messages
 * @param kernel release of the kernel, such as {@code 6.12.117}; empty if the log does not say
 * @param unit the registers of the unit, null if the log does not say
 * @param cmdline the kernel command line, empty if the log does not say
 * @param devices the devices under test and their groups
 * @param entries calls and marks, in order
 */
public record CallLog(
    String name,
    String kernel,
    @Nullable Unit unit,
    String cmdline,
    List<Device> devices,
    List<Entry> entries) {

  private static final int GZIP_MAGIC = 0x1F8B;
  private static final int MOST_BYTES = 64 << 20;

  /** A PCI function the program used, and its group's number. */
  record Device(String address, int group) {}

  /** CAP and ECAP of the unit the devices are behind. */
  record Unit(long cap, long ecap) {
    boolean firstStage() {
      return ExtendedCapabilityLayout.FSTS.isSet(ecap);
    }

    boolean scalable() {
      return ExtendedCapabilityLayout.SMTS.isSet(ecap);
    }
  }

  /** The log says which descriptor each ioctl was made on. */
  boolean namesDescriptors() {
    return calls().stream().anyMatch(call -> call.fd() != null);
  }

  /** The log says what memory the program had. */
  boolean tellsMemory() {
    return calls().stream().anyMatch(call -> call.call().equals("mmap"));
  }

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
      return new Reading.Bad<>(file + " cannot be read: " + WhyNot.read(e));
    }
  }

  private static String text(Path file) throws IOException {
    try (var plain = new BufferedInputStream(FileInput.open(file))) {
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
    String cmdline = "";
    Unit unit = null;
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        JsonNode node = Json.readJson(line);
        kernel = node.has("kernel") ? node.get("kernel").asString("") : kernel;
        if (!node.has("call")) {
          cmdline = node.has("cmdline") ? node.get("cmdline").asString("") : cmdline;
          unit = unit == null ? unit(node) : unit;
        }
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
        : new Reading.Good<>(new CallLog(name, kernel, unit, cmdline, devices, entries));
  }

  /** {@code cap} and {@code ecap} of a line, or of an object in it; null without both. */
  private static @Nullable Unit unit(JsonNode node) {
    if (node.has("cap") && node.has("ecap")) {
      Object cap = value(node.get("cap"));
      Object ecap = value(node.get("ecap"));
      return LoggedCall.isNumber(cap) && LoggedCall.isNumber(ecap)
          ? new Unit(LoggedCall.numberOf(cap), LoggedCall.numberOf(ecap))
          : null;
    }
    for (var property : node.properties()) {
      Unit inside = property.getValue().isObject() ? unit(property.getValue()) : null;
      if (inside != null) {
        return inside;
      }
    }
    return null;
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
    String name = node.path("call").asString("");
    var args = new LinkedHashMap<>(values(node.path("args")));
    Object tail = node.has("tail") ? value(node.get("tail")) : null;
    if (tail != null) {
      args.putIfAbsent("tail", tail);
    }
    Object ret = value(node.path("ret"));
    return new LoggedCall(
        node.path("n").asInt(number),
        node.path("phase").asString(""),
        name,
        descriptor(node, name, args),
        args,
        LoggedCall.numberOf(ret),
        node.path("errno").asString("0"),
        values(node.path("out")),
        node.path("note").asString(""));
  }

  /**
   * The descriptor an ioctl was made on; among the arguments it may be a field of the structure.
   */
  private static @Nullable Long descriptor(JsonNode node, String name, Map<String, Object> args) {
    Object outside = node.has("fd") ? value(node.get("fd")) : null;
    if (LoggedCall.isNumber(outside)) {
      return LoggedCall.numberOf(outside);
    }
    boolean ioctl =
        Uapi.named(name)
            .map(struct -> struct.fields().stream().noneMatch(f -> f.name().equals("fd")))
            .orElse(name.equals("unknown_ioctl"));
    return ioctl && LoggedCall.isNumber(args.get("fd"))
        ? LoggedCall.numberOf(args.get("fd"))
        : null;
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
