package org.iommulab.linux;

import java.util.List;

/**
 * A process at one moment.
 *
 * @param pid its number
 * @param name its name
 * @param areas its memory, ascending
 * @param files open files, ascending
 * @param pinnedPages pages held for DMA (VmPin)
 * @param lockedPages pages charged against the limit
 * @param lockLimitPages RLIMIT_MEMLOCK in pages, -1 for unlimited
 */
public record ProcessView(
    int pid,
    String name,
    List<Area> areas,
    List<File> files,
    long pinnedPages,
    long lockedPages,
    long lockLimitPages) {

  /** User memory: first address, bytes, what it is. */
  public record Area(long start, long length, String kind) {}

  /** An open file. */
  public record File(int fd, String path) {}

  public ProcessView {
    areas = List.copyOf(areas);
    files = List.copyOf(files);
  }
}
