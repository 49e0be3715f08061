package org.iommulab.peer.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@code /proc} says about processes and the machine; a process may be gone at any time. */
public final class ProcessFiles {

  private static final String FILTERS = "Seccomp_filters:";

  private ProcessFiles() {}

  /** Lines of a file; none if it cannot be read. */
  public static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return List.of();
    }
  }

  /** A field of {@code /proc/ID/status}. */
  public static Optional<String> status(int id, String field) {
    for (String line : lines("/proc/" + id + "/status")) {
      if (line.startsWith(field + ":")) {
        return Optional.of(line.substring(field.length() + 1).strip());
      }
    }
    return Optional.empty();
  }

  /** What a process calls itself; empty if it has gone. */
  public static String name(int process) {
    List<String> lines = lines("/proc/" + process + "/comm");
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  /** The process that a thread belongs to. */
  public static Optional<Integer> owner(int thread) {
    return status(thread, "Tgid").map(Integer::valueOf);
  }

  /** Tells whether a process is under more filters than this one, so that its calls ask us. */
  static boolean isWatched(int process) {
    return filters(Integer.toString(process)) > filters("self");
  }

  private static int filters(String process) {
    for (String line : lines("/proc/" + process + "/status")) {
      if (line.startsWith(FILTERS)) {
        return Integer.parseInt(line.substring(FILTERS.length()).strip());
      }
    }
    return 0;
  }

  /** Threads of a process. */
  static List<Integer> threads(int process) {
    var threads = new ArrayList<Integer>();
    String[] names = Path.of("/proc/" + process + "/task").toFile().list();
    for (String name : names == null ? new String[0] : names) {
      threads.add(Integer.valueOf(name));
    }
    return threads;
  }

  /** Who made the processor, as {@code /proc/cpuinfo} says; empty if it does not. */
  static String processorVendor() {
    for (String line : lines("/proc/cpuinfo")) {
      if (line.startsWith("vendor_id")) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return "";
  }
}
