package org.iommulab.linux.process;

import java.util.List;

/**
 * How a piece of user memory is made.
 *
 * @param pageSize page frames come in aligned blocks of this size: 4096, 2 MiB or 1 GiB
 * @param readOnly the process may only read it
 * @param holes parts without memory, in bytes from its start
 * @param frames page frames to use, in order; the kernel chooses for what is left over
 * @param scattered 4 KiB frames without neighbours, as on a machine that has run for long
 * @param lazy page frames come when a page is first touched
 * @param address where it should lie, 0 for the kernel's choice
 */
public record MemoryOptions(
    long pageSize,
    boolean readOnly,
    List<Hole> holes,
    List<Frames> frames,
    boolean scattered,
    boolean lazy,
    long address) {

  /** Bytes without memory, from {@code offset} on. */
  public record Hole(long offset, long length) {}

  /** {@code count} consecutive page frames from number {@code first} on. */
  public record Frames(long first, long count) {}

  /** Plain read-write memory in 4 KiB pages, as contiguous as the allocator can make it. */
  public static final MemoryOptions PLAIN =
      new MemoryOptions(4096, false, List.of(), List.of(), false, false, 0);

  public MemoryOptions {
    holes = List.copyOf(holes);
    frames = List.copyOf(frames);
  }

  /** The same in pages of that size. */
  public MemoryOptions withPageSize(long bytes) {
    return new MemoryOptions(bytes, readOnly, holes, frames, scattered, lazy, address);
  }

  /** The same, read-only. */
  public MemoryOptions asReadOnly() {
    return new MemoryOptions(pageSize, true, holes, frames, scattered, lazy, address);
  }

  /** The same with parts missing. */
  public MemoryOptions withHoles(List<Hole> missing) {
    return new MemoryOptions(pageSize, readOnly, missing, frames, scattered, lazy, address);
  }

  /** The same on these frames. */
  public MemoryOptions onFrames(List<Frames> chosen) {
    return new MemoryOptions(pageSize, readOnly, holes, chosen, scattered, lazy, address);
  }

  /** The same with every page frame apart from the next. */
  public MemoryOptions asScattered() {
    return new MemoryOptions(pageSize, readOnly, holes, frames, true, lazy, address);
  }

  /** The same without page frames until a page is touched. */
  public MemoryOptions asLazy() {
    return new MemoryOptions(pageSize, readOnly, holes, frames, scattered, true, address);
  }

  /** The same at a user address of the caller's choice. */
  public MemoryOptions at(long userAddress) {
    return new MemoryOptions(pageSize, readOnly, holes, frames, scattered, lazy, userAddress);
  }
}
