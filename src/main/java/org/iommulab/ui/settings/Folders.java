package org.iommulab.ui.settings;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the program keeps its own files.
 *
 * @param config what a person chose
 * @param state what can be lost without harm: the journal for recovery
 */
public record Folders(Path config, Path state) {

  private static final String NAME = "iommu-lab";

  /**
   * The folders of this user, by the rules of the XDG base directory specification.
   *
   * @param account the home folder that the system knows; {@code HOME} goes before it
   */
  public static Folders ofUser(Map<String, String> environment, Path account) {
    Path home = base(environment.get("HOME"), account);
    return new Folders(
        base(environment.get("XDG_CONFIG_HOME"), home.resolve(".config")).resolve(NAME),
        base(environment.get("XDG_STATE_HOME"), home.resolve(".local/state")).resolve(NAME));
  }

  private static Path base(@Nullable String chosen, Path usual) {
    return chosen == null || !Path.of(chosen).isAbsolute() ? usual : Path.of(chosen);
  }
}
