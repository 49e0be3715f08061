package org.iommulab.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.iommulab.testing.Project;
import org.junit.jupiter.api.Test;

final class OnScreenTest {

  /** Else it would not be run in a real window. */
  @Test
  void everyTestThatOpensAWindowSaysSo() throws IOException {
    try (Stream<Path> files = Files.walk(Project.file("src/test/java"))) {
      for (Path file : files.filter(each -> each.toString().endsWith("Test.java")).toList()) {
        String code = Files.readString(file).replaceAll("(?s)/\\*.*?\\*/|//[^\\n]*", "");
        if (code.contains("DesktopStage") || code.contains("LabWindow.open")) {
          assertThat(code).as(file.toString()).contains("@OnScreen");
        }
      }
    }
  }
}
