package org.iommulab.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the injector makes lies in packages that are opened to it: else no window opens. */
final class InjectedPackagesTest {

  private static final Path SOURCES = Path.of("src/main/java");

  @Test
  void everyPackageTheInjectorMakesThingsOfIsOpened() throws IOException {
    String module = Files.readString(SOURCES.resolve("module-info.java"));
    List<String> closed;
    try (Stream<Path> files = Files.walk(SOURCES)) {
      closed =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> read(file).contains("import com.google.inject.Inject;"))
              .map(file -> SOURCES.relativize(file.getParent()).toString().replace('/', '.'))
              .distinct()
              .filter(name -> !module.contains("opens " + name + " to"))
              .toList();
    }
    assertThat(closed).isEmpty();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
