package org.iommulab.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.script.TextFile;

/** What {@code limit.c} printed on the same machine. */
public final class Limits {

  /** No figures to compare with. */
  public static final Limits NONE = new Limits(List.of());

  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"workload\":\"([^\"]+)\",\"ops\":(\\d+),\"ns_per_op\":([0-9.]+),"
              + "\"checksum\":\"([0-9a-f]{16})\"}");

  private final List<Measurement> measurements;

  private Limits(List<Measurement> measurements) {
    this.measurements = List.copyOf(measurements);
  }

  /**
   * Reads the lines of a file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if a line is not one that {@code limit.c} prints; the message
   *     says which
   */
  public static Limits read(Path file) throws IOException {
    var measurements = new ArrayList<Measurement>();
    int number = 0;
    for (String line : text(file).lines().toList()) {
      number++;
      Matcher matcher = LINE.matcher(line.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException("line " + number + " is not a line of limit.c");
      }
      measurements.add(
          new Measurement(
              matcher.group(1),
              Long.parseLong(matcher.group(2)),
              Double.parseDouble(matcher.group(3)),
              Long.parseUnsignedLong(matcher.group(4), 16)));
    }
    return new Limits(measurements);
  }

  private static String text(Path file) throws IOException {
    try {
      return TextFile.read(file, 1);
    } catch (Complaint e) {
      throw new IOException(e.sentence(), e);
    }
  }

  /** C's figure and the ratio to it as the end of a row; empty without a figure. */
  public String comparison(Measurement ours) {
    for (Measurement limit : measurements) {
      if (limit.workload().equals(ours.workload())) {
        String ratio =
            String.format(
                Locale.ROOT,
                "   C %8.2f ns   ratio %5.2f",
                limit.nanoseconds(),
                ours.nanoseconds() / limit.nanoseconds());
        return limit.checksum() == ours.checksum() ? ratio : ratio + "   CHECKSUMS DIFFER";
      }
    }
    return "";
  }
}
