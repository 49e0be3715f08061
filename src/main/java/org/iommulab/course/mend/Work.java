package org.iommulab.course.mend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import tools.jackson.databind.JsonNode;

/**
 * What a script does, by its lines: what must still be done once it is mended.
 *
 * @param devices lines of what devices do, in order
 * @param counts how often each call, system call and operation is there
 * @param values numbers, devices and directions that each of them is given, by argument
 * @param boot words of its boot line
 */
record Work(
    List<String> devices,
    Map<String, Integer> counts,
    Map<String, Set<String>> values,
    Set<String> boot) {

  /** Operations that belong to devices; a driver cannot leave them out. */
  private static final List<String> OF_DEVICES =
      List.of(
          "dma.", "ats.", "pri.", "msi", "traffic", "device.run", "device.receive", "user.write");

  /** Operations that would put something else in the place of what is to be mended. */
  private static final Set<String> REPLACES =
      Set.of("machine", "linux.boot", "reset", "rewind", "checkpoint", "fail_nth");

  /** What is done in many ways: stores and register writes, waiting, looking, naming. */
  private static final Set<String> FREE =
      Set.of(
          "mem.write",
          "mem.fill",
          "mem.flush",
          "mem.read",
          "reg.write",
          "reg.read",
          "kernel.read",
          "user.read",
          "irq.read",
          "clock.advance",
          "let",
          "expect",
          "end");

  /** Arguments whose words mean the same in every script. */
  private static final Set<String> NAMED = Set.of("dev", "dir", "device");

  /** Boot words that take protection away. */
  private static final Pattern WEAKER =
      Pattern.compile(
          "iommu=(pt|off)|iommu\\.passthrough=.*|iommu\\.strict=0|intremap=.*|intel_iommu=.*off.*"
              + "|pcie_acs_override=.*|.*allow_unsafe_interrupts=.*");

  static Work of(List<String> lines) {
    var devices = new ArrayList<String>();
    var counts = new TreeMap<String, Integer>();
    var values = new TreeMap<String, Set<String>>();
    var boot = new TreeSet<String>();
    for (String line : normal(lines)) {
      String op = field(line, "op");
      if (OF_DEVICES.stream().anyMatch(op::startsWith)) {
        devices.add(line);
      } else if (!FREE.contains(op)) {
        String name = name(op, line);
        counts.merge(name, 1, Integer::sum);
        values(line, name, values);
        boot.addAll(List.of(field(line, "cmdline").split(" +")));
      }
    }
    return new Work(devices, counts, values, boot);
  }

  /** Work of the broken driver that a right repair keeps and that is not here. */
  List<String> missing(Work broken, Work right) {
    return broken.counts.entrySet().stream()
        .filter(
            one ->
                counts.getOrDefault(one.getKey(), 0)
                    < Math.min(one.getValue(), right.counts.getOrDefault(one.getKey(), 0)))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Arguments that a right repair leaves as the broken driver has them, and that are not so. */
  List<String> changed(Work broken, Work right) {
    return values.entrySet().stream()
        .filter(one -> isChanged(one.getValue(), broken, right, one.getKey()))
        .map(one -> one.getKey() + " " + String.join(", ", one.getValue()))
        .toList();
  }

  private static boolean isChanged(Set<String> now, Work broken, Work right, String argument) {
    Set<String> before = broken.values.getOrDefault(argument, Set.of());
    var kept = new TreeSet<>(right.values.getOrDefault(argument, Set.of()));
    boolean untouched = kept.equals(before) && !before.isEmpty();
    kept.retainAll(before);
    return untouched ? !now.equals(before) : !now.containsAll(kept);
  }

  /** Boot words that take protection away and are neither in the broken driver nor in a repair. */
  List<String> weaker(Work broken, Work right) {
    return boot.stream()
        .filter(word -> WEAKER.matcher(word).matches())
        .filter(word -> !broken.boot.contains(word) && !right.boot.contains(word))
        .toList();
  }

  /** Operations here, and not in the broken driver, that put something else in its place. */
  List<String> replaced(Work broken) {
    return counts.entrySet().stream()
        .filter(one -> REPLACES.contains(one.getKey()))
        .filter(one -> one.getValue() > broken.counts.getOrDefault(one.getKey(), 0))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Lines without what makes no difference: spaces, and notes. */
  static List<String> normal(List<String> lines) {
    var normal = new ArrayList<String>();
    for (String line : lines) {
      if (field(line, "op").equals("note")) {
        continue;
      }
      try {
        normal.add(Json.readJson(line).toString());
      } catch (Complaint notAnOperation) {
        normal.add(line.strip());
      }
    }
    return normal;
  }

  /** What a line does; calls that do the same to another kind of buffer are one. */
  private static String name(String op, String line) {
    return switch (op) {
      case "call" ->
          field(line, "fn").replaceFirst("_(single|page)(?=_|$)", "").replace("kz", "km");
      case "ioctl" -> field(line, "cmd");
      case "device.write" -> op + " " + field(line, "reg");
      case "repeat" -> op + " " + field(line, "from") + " " + field(line, "to");
      default -> op;
    };
  }

  private static void values(String line, String name, Map<String, Set<String>> values) {
    try {
      JsonNode operation = Json.readJson(line);
      for (String key : List.of("args", "arg")) {
        JsonNode arguments = operation.get(key);
        if (arguments != null && arguments.isObject()) {
          arguments
              .properties()
              .forEach(
                  one ->
                      value(one.getKey(), one.getValue())
                          .ifPresent(
                              value ->
                                  values
                                      .computeIfAbsent(
                                          name + "." + one.getKey(), none -> new TreeSet<>())
                                      .add(value)));
        }
      }
    } catch (Complaint notAnOperation) {
      // The run says so.
    }
  }

  /** A number, a device or a direction; empty for names that a script gives things itself. */
  private static Optional<String> value(String key, JsonNode value) {
    String text = value.isValueNode() ? value.asString() : value.toString();
    if (text.matches("0[xX][0-9a-fA-F_]{1,16}")) {
      return Optional.of(
          Long.toUnsignedString(Long.parseUnsignedLong(text.substring(2).replace("_", ""), 16)));
    }
    boolean counted = value.isNumber() || value.isArray() || text.matches("[0-9_]+");
    return counted || NAMED.contains(key) ? Optional.of(text) : Optional.empty();
  }

  private static String field(String line, String name) {
    try {
      JsonNode value = Json.readJson(line).get(name);
      return value == null ? "" : value.asString();
    } catch (Complaint notAnOperation) {
      return "";
    }
  }
}
