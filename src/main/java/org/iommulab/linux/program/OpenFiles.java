package org.iommulab.linux.program;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.iommulab.linux.process.OpenFile;
import org.jspecify.annotations.Nullable;

/** Files of the laboratory that real programs have open, by what identifies their descriptors. */
public final class OpenFiles {

  private final Map<String, OpenFile> byLink = new LinkedHashMap<>();
  private final Map<OpenFile, Long> inodes = new HashMap<>();

  /**
   * Takes a file in.
   *
   * @param inode its identity if it can be mapped, else 0
   */
  void add(String link, long inode, OpenFile file) {
    byLink.put(link, file);
    inodes.put(file, inode);
  }

  /** Identity of a file's mappings, 0 if it has none. */
  long inode(OpenFile file) {
    return inodes.getOrDefault(file, 0L);
  }

  /** Tells whether a file's mappings are there now: {@link OpenFile#answersMapped}. */
  boolean answersMapped(long inode) {
    return inodes.entrySet().stream()
        .allMatch(entry -> entry.getValue() != inode || entry.getKey().answersMapped());
  }

  /** The file with that link, or null. */
  public @Nullable OpenFile find(String link) {
    return byLink.get(link);
  }

  /**
   * The last descriptor has gone: the file, which is no longer here; null if it is none of ours.
   */
  @Nullable OpenFile remove(String link) {
    OpenFile file = byLink.remove(link);
    if (file != null) {
      inodes.remove(file);
    }
    return file;
  }

  /** All of them by link, in the order of opening. */
  public Map<String, OpenFile> all() {
    return byLink;
  }
}
