package org.iommulab.linux.program;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iommulab.linux.process.OpenFile;
import org.jspecify.annotations.Nullable;

/** Files of the laboratory that real programs have open, by what identifies their descriptors. */
public final class OpenFiles {

  private final Map<String, OpenFile> byLink = new LinkedHashMap<>();

  /** Takes a file in. */
  void add(String link, OpenFile file) {
    byLink.put(link, file);
  }

  /** The file with that link, or null. */
  public @Nullable OpenFile find(String link) {
    return byLink.get(link);
  }

  /**
   * The last descriptor has gone: the file, which is no longer here; null if it is none of ours.
   */
  @Nullable OpenFile remove(String link) {
    return byLink.remove(link);
  }

  /** All of them by link, in the order of opening. */
  public Map<String, OpenFile> all() {
    return byLink;
  }
}
