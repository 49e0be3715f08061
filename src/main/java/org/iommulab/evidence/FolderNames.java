package org.iommulab.evidence;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the folders around a dump call it, where they follow the form {@code VARIANT/snap-NAME}.
 *
 * @param variant name of the folder around the snapshot's
 * @param snapshot what follows {@code snap-}
 */
public record FolderNames(String variant, String snapshot) {

  private static final String PREFIX = "snap-";

  static Optional<FolderNames> of(Path dump) {
    Path folder = dump.toAbsolutePath().normalize().getParent();
    Path outer = folder == null ? null : folder.getParent();
    if (folder == null || outer == null || folder.getFileName() == null) {
      return Optional.empty();
    }
    String name = folder.getFileName().toString();
    return name.startsWith(PREFIX) && outer.getFileName() != null
        ? Optional.of(
            new FolderNames(outer.getFileName().toString(), name.substring(PREFIX.length())))
        : Optional.empty();
  }
}
