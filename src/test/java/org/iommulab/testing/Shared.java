package org.iommulab.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folder {@code shared} with the truth material. It lies beside the project, or is named by the
 * system property {@value #PROPERTY}. A checkout without it still passes its tests: one line on
 * stdout says what was not compared.
 */
public final class Shared {

  /** System property that names the folder. */
  public static final String PROPERTY = "iommulab.shared";

  private static final Set<String> ANNOUNCED = ConcurrentHashMap.newKeySet();

  private Shared() {}

  /**
   * A folder of the truth material, such as {@code oracle/cases}.
   *
   * @param name path below {@code shared}
   * @return the folder, or empty if there is none; said once on stdout
   */
  public static Optional<Path> folder(String name) {
    return found(name, Files::isDirectory);
  }

  /**
   * A file of the truth material, such as {@code bench/limit.c}.
   *
   * @param name path below {@code shared}
   * @return the file, or empty if there is none; said once on stdout
   */
  public static Optional<Path> file(String name) {
    return found(name, Files::isRegularFile);
  }

  private interface Kind {
    boolean matches(Path path);
  }

  private static Optional<Path> found(String name, Kind kind) {
    Optional<Path> path = root().map(root -> root.resolve(name)).filter(kind::matches);
    if (path.isEmpty() && ANNOUNCED.add(name)) {
      System.out.println("shared/" + name + " is not here: nothing is compared with it");
    }
    return path;
  }

  private static Optional<Path> root() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return Optional.of(Path.of(named));
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path beside = at.resolveSibling("shared");
      if (Files.isDirectory(beside)) {
        return Optional.of(beside);
      }
    }
    return Optional.empty();
  }
}
