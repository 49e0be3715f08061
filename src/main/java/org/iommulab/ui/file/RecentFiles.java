package org.iommulab.ui.file;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.ui.settings.Settings;

/** The files opened last, the latest first. */
@Singleton
public final class RecentFiles {

  private static final String KEY = "recent";
  private static final int MOST = 10;

  private final Settings settings;

  @Inject
  public RecentFiles(Settings settings) {
    this.settings = settings;
  }

  /** At most ten files. */
  public List<Path> files() {
    return settings.list(KEY).stream().flatMap(name -> path(name).stream()).limit(MOST).toList();
  }

  /** Settings can be edited by hand: what cannot be a path is left out. */
  private static Optional<Path> path(String name) {
    try {
      return name.isBlank() ? Optional.empty() : Optional.of(Path.of(name));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Puts a file on top. */
  public void add(Path file) {
    String name = file.toAbsolutePath().normalize().toString();
    var names = new ArrayList<>(settings.list(KEY));
    names.remove(name);
    names.addFirst(name);
    settings.put(KEY, names.subList(0, Math.min(MOST, names.size())));
    settings.save();
  }
}
