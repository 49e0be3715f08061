package org.iommulab.linux.process;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.uapi.Errno;

/** A file in memory ({@code memfd}); processes map it, and it can be shown to devices itself. */
public final class MemoryFile extends PagesFile {

  /**
   * The file's pages lie in a memory of their own, its first byte at an address of every alignment.
   */
  private static final long FIRST = 1L << 40;

  private final UserMemory memory;
  private final List<UserMemory> mappers = new ArrayList<>();

  /** A file over fresh pages; {@link #allocate} gives it its size. */
  MemoryFile(String name, UserMemory memory) {
    super("memfd:" + name);
    this.memory = memory;
  }

  /** Gives it its first pages. */
  SyscallResult allocate(long size, MemoryOptions options) {
    return size == 0 ? SyscallResult.ok(0) : memory.alloc(size, options.at(FIRST));
  }

  /** A process has mapped it, once more or for the first time. */
  void addMapper(UserMemory mapper) {
    if (!mappers.contains(mapper)) {
      mappers.add(mapper);
    }
  }

  @Override
  public UserMemory memory() {
    return memory;
  }

  @Override
  public long address(long offset) {
    return FIRST + offset;
  }

  /** Cuts it off at a size, in whole pages; pages that are pinned stay until they are let go. */
  SyscallResult truncate(long size) {
    boolean done = size >= 0 && memory.truncate(FIRST, size);
    mappers.forEach(mapper -> mapper.hideBehind(this));
    return done
        ? SyscallResult.ok(0)
        : SyscallResult.fail(Errno.EINVAL, "a file in memory can only become smaller here");
  }

  @Override
  protected void release() {
    // Frames that are pinned outlive the file.
    memory.exit();
  }
}
