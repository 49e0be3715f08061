package org.iommulab.testing;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.iommulab.lab.language.Command;

/** Where the project lies, whatever the current folder is. */
public final class Project {

  private Project() {}

  /** The folder of the program's classes. */
  public static Path classes() {
    try {
      return Path.of(Command.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A file of the project, such as {@code docs/architecture.md}. */
  public static Path file(String name) {
    for (Path at = classes(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("pom.xml"))) {
        return at.resolve(name);
      }
    }
    throw new IllegalStateException("no project above " + classes());
  }
}
