package org.iommulab.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iommulab.testing.Project;
import org.junit.jupiter.api.Test;

/**
 * What the project asks Maven for is used: no dependency without a line of code that imports it.
 */
class DependenciesTest {

  /** What a library needs to find at run time without saying so. */
  private static final Set<String> NEEDED_BY_LIBRARIES =
      // TestFX takes its pictures through it.
      Set.of("javafx-swing");

  private static final Pattern DEPENDENCY =
      Pattern.compile(
          "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^\\s*import (?:static )?([a-z][\\w.]*?)\\.[A-Z]");

  /** A jar of the class path or module path. */
  private record Library(String name, Set<String> packages) {}

  @Test
  void everyDeclaredDependencyIsImported() throws IOException {
    Set<String> imported = imported();
    List<Library> libraries = libraries();
    var unused = new ArrayList<String>();
    for (String artifact : declared()) {
      if (NEEDED_BY_LIBRARIES.contains(artifact)) {
        continue;
      }
      Set<String> packages =
          libraries.stream()
              .filter(library -> library.name().matches(Pattern.quote(artifact) + "-\\d.*\\.jar"))
              .flatMap(library -> library.packages().stream())
              .collect(Collectors.toSet());
      // A jar without classes only gathers others, which are named alike.
      if (packages.isEmpty()) {
        packages =
            libraries.stream()
                .filter(library -> library.name().startsWith(artifact))
                .flatMap(library -> library.packages().stream())
                .collect(Collectors.toSet());
      }
      assertThat(packages).as("packages of " + artifact).isNotEmpty();
      if (packages.stream().noneMatch(imported::contains)) {
        unused.add(artifact);
      }
    }
    assertThat(unused).isEmpty();
  }

  @Test
  void controlsOfControlsFxAreUsedInSeveralPartsOfTheWindow() throws IOException {
    try (Stream<Path> files = sources(Project.file("src/main/java"))) {
      assertThat(files.filter(file -> text(file).contains("import org.controlsfx.control")))
          .hasSizeGreaterThan(8);
    }
  }

  /** Artifacts that are declared for the program and its tests, not for profiles. */
  private static List<String> declared() throws IOException {
    String pom = Files.readString(Project.file("pom.xml"));
    int managed = pom.indexOf("</dependencyManagement>");
    String own = pom.substring(managed, pom.indexOf("<build>"));
    return DEPENDENCY.matcher(own).results().map(found -> found.group(2)).toList();
  }

  private static Set<String> imported() throws IOException {
    var packages = new HashSet<String>();
    for (String folder : List.of("src/main/java", "src/test/java")) {
      try (Stream<Path> files = sources(Project.file(folder))) {
        files
            .flatMap(file -> IMPORT.matcher(text(file)).results())
            .map((MatchResult found) -> found.group(1))
            .forEach(packages::add);
      }
    }
    return packages;
  }

  private static Stream<Path> sources(Path folder) throws IOException {
    return Files.walk(folder).filter(file -> file.toString().endsWith(".java"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Library> libraries() {
    return Stream.of("java.class.path", "jdk.module.path", "surefire.test.class.path")
        .flatMap(path -> Stream.of(System.getProperty(path, "").split(File.pathSeparator)))
        .filter(entry -> entry.endsWith(".jar") && new File(entry).isFile())
        .distinct()
        .map(DependenciesTest::library)
        .toList();
  }

  private static Library library(String jar) {
    try (var file = new JarFile(jar)) {
      Set<String> packages =
          file.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.endsWith(".class") && name.indexOf('/') > 0)
              .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
              .collect(Collectors.toSet());
      return new Library(new File(jar).getName(), packages);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
