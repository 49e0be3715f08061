package org.iommulab.linux.process;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.memory.Page;

/** A file in memory ({@code memfd}); processes map it, and it can be shown to devices itself. */
public final class MemoryFile extends PagesFile {

  /**
   * The file's pages lie in a memory of their own, its first byte at an address of every alignment.
   */
  private static final long FIRST = 1L << 40;

  /** No file is longer, in bytes. */
  static final long LARGEST = Page.start(Long.MAX_VALUE);

  private final UserMemory memory;
  private final List<UserMemory> mappers = new ArrayList<>();

  /** Bytes that one read or write moves at most. */
  private static final int MOST = 1 << 20;

  private long size;
  private long position;
  private MemoryOptions options = MemoryOptions.PLAIN;

  /** A file over fresh pages; {@link #allocate} gives it its size. */
  MemoryFile(String name, UserMemory memory) {
    super("memfd:" + name);
    this.memory = memory;
  }

  /** Gives it its first pages. */
  SyscallResult allocate(long bytes, MemoryOptions how) {
    options = how;
    return bytes == 0 ? SyscallResult.ok(0) : grow(bytes);
  }

  private SyscallResult grow(long bytes) {
    long page = options.pageSize();
    SyscallResult more = memory.alloc(bytes - size, options.at(FIRST + size));
    size = more.failed() ? size : (bytes + page - 1) & -page;
    return more.failed() ? more : SyscallResult.ok(0);
  }

  /** A process has mapped it, once more or for the first time. */
  void addMapper(UserMemory mapper) {
    if (!mappers.contains(mapper)) {
      mappers.add(mapper);
    }
  }

  // ---- reading and writing ----------------------------------------------------------------------

  @Override
  public SyscallResult read(Process caller, long buffer, long length) {
    return advance(readAt(caller, buffer, length, position));
  }

  @Override
  public SyscallResult write(Process caller, long buffer, long length) {
    return advance(writeAt(caller, buffer, length, position));
  }

  private SyscallResult advance(SyscallResult moved) {
    position += moved.failed() ? 0 : moved.ret();
    return moved;
  }

  @Override
  public SyscallResult readAt(Process caller, long buffer, long length, long offset) {
    if (offset < 0) {
      return SyscallResult.fail(Errno.EINVAL, "the position is negative");
    }
    byte[] bytes = new byte[(int) Math.clamp(size - offset, 0, Math.clamp(length, 0, MOST))];
    return memory.read(address(offset), bytes) && caller.write(buffer, bytes)
        ? SyscallResult.ok(bytes.length)
        : SyscallResult.fail(Errno.EFAULT, "the buffer cannot be written");
  }

  /** What is written behind the end makes the file longer, by whole pages. */
  @Override
  public SyscallResult writeAt(Process caller, long buffer, long length, long offset) {
    if (offset < 0 || offset > LARGEST - MOST) {
      return SyscallResult.fail(Errno.EINVAL, "the file cannot be so long");
    }
    byte[] bytes = new byte[(int) Math.clamp(length, 0, MOST)];
    if (!caller.read(buffer, bytes)) {
      return SyscallResult.fail(Errno.EFAULT, "the buffer cannot be read");
    }
    SyscallResult room =
        offset + bytes.length > size ? grow(offset + bytes.length) : SyscallResult.ok(0);
    if (room.failed()) {
      return room;
    }
    memory.write(address(offset), bytes);
    return SyscallResult.ok(bytes.length);
  }

  /** {@code SEEK_SET}, {@code SEEK_CUR}, {@code SEEK_END}. */
  @Override
  public SyscallResult seek(long offset, int whence) {
    long from =
        switch (whence) {
          case 0 -> 0;
          case 1 -> position;
          case 2 -> size;
          default -> -1;
        };
    if (from < 0 || from + offset < 0) {
      return SyscallResult.fail(Errno.EINVAL, "there is no such place in the file");
    }
    position = from + offset;
    return SyscallResult.ok(position);
  }

  @Override
  public UserMemory memory() {
    return memory;
  }

  @Override
  public long address(long offset) {
    return FIRST + offset;
  }

  /**
   * Gives it another size, in whole pages: fresh pages behind its end, or none there any more.
   * Pages that are pinned stay until they are let go.
   */
  SyscallResult truncate(long bytes) {
    if (bytes < 0) {
      return SyscallResult.fail(Errno.EINVAL, "the size is negative");
    }
    if (bytes > size) {
      return grow(bytes);
    }
    size = Page.roundUp(bytes);
    memory.cutOff(FIRST + size);
    mappers.forEach(mapper -> mapper.hideBehind(this, size));
    return SyscallResult.ok(0);
  }

  @Override
  protected void release() {
    // Frames that are pinned outlive the file.
    memory.exit();
  }
}
