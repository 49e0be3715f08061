package org.iommulab.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.iommulab.testing.Project;

/**
 * Counts for each package that may fall but not rise, kept in a file of the repository. With the
 * property {@code iommulab.write} the file is written anew, no count higher than it was; a new
 * package comes in as it is.
 */
final class FallingCounts {

  private static final boolean WRITE = Boolean.getBoolean("iommulab.write");

  private FallingCounts() {}

  /**
   * Compares with the file.
   *
   * @param mend what to do about a count that rose
   */
  static void check(String file, Map<String, Integer> counted, String mend) throws IOException {
    Path counts = Project.file("src/test/resources/org/iommulab/architecture/" + file);
    Map<String, Integer> listed = listed(counts);
    if (WRITE) {
      var written = new TreeMap<>(counted);
      written.replaceAll((name, count) -> Math.min(count, listed.getOrDefault(name, count)));
      Files.writeString(
          counts,
          written.entrySet().stream()
              .map(each -> each.getKey() + " " + each.getValue() + "\n")
              .collect(Collectors.joining()));
    }
    assertThat(counted)
        .as("more: %s; fewer or a new package: run with -Diommulab.write=true", mend)
        .isEqualTo(listed(counts));
  }

  private static Map<String, Integer> listed(Path file) throws IOException {
    var counts = new TreeMap<String, Integer>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        int space = line.indexOf(' ');
        counts.put(line.substring(0, space), Integer.parseInt(line.substring(space + 1)));
      }
    }
    return counts;
  }
}
