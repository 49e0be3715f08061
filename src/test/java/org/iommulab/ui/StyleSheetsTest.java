package org.iommulab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.testing.Project;
import org.junit.jupiter.api.Test;

/** A brace lost in a style sheet takes the looks of everything behind it, without a word. */
class StyleSheetsTest {

  @Test
  void everyRuleEndsBeforeTheNextBegins() throws IOException {
    var wrong = new ArrayList<String>();
    try (Stream<Path> files = Files.list(Project.file("assets/theme"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".css")).toList()) {
        wrong.addAll(nested(file));
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static List<String> nested(Path file) throws IOException {
    var wrong = new ArrayList<String>();
    int depth = 0;
    int number = 0;
    for (String line : Files.readString(file).split("\n", -1)) {
      number++;
      for (int at = 0; at < line.length(); at++) {
        depth += line.charAt(at) == '{' ? 1 : line.charAt(at) == '}' ? -1 : 0;
        if (depth < 0 || depth > 1) {
          wrong.add(file.getFileName() + ", line " + number);
          depth = Math.clamp(depth, 0, 1);
        }
      }
    }
    if (depth != 0) {
      wrong.add(file.getFileName() + " ends inside a rule");
    }
    return wrong;
  }
}
