package org.iommulab.linux.program;

import org.jspecify.annotations.Nullable;

/**
 * Everything that carrying out a request learns from outside, and all it does there. Given the same
 * answers, the laboratory does the same: so answers are what a session has to keep.
 */
public interface World {

  /** Where no program is. */
  World NOWHERE = new Nowhere();

  /** The mapping of a process at an address; null if there is none. */
  @Nullable Area area(int pid, long address);

  /** Copies bytes of a process; false if one of them cannot be read. */
  boolean read(int pid, long address, byte[] target);

  /** Copies bytes into a process; false if one of them cannot be written. */
  boolean write(int pid, long address, byte[] source);

  /** Copies bytes of a file that {@link #behind} told of; bytes behind its end are zero. */
  void readFile(long inode, long offset, byte[] target);

  /** Copies bytes into such a file. */
  void writeFile(long inode, long offset, byte[] source);

  /** Where a living process maps a page of a file, other than the given one; null if none does. */
  @Nullable Place mapping(long inode, long page, int except);

  /** An address in a process. */
  record Place(int pid, long address) {}

  /** What is behind a descriptor of the process whose request is carried out; null if nothing. */
  @Nullable Behind behind(int thread, int fd);

  /**
   * A descriptor's file.
   *
   * @param link what {@code /proc/PID/fd/N} says, which identifies files of ours
   * @param inode identity of a file in memory, 0 for anything else
   * @param bytes its size
   */
  record Behind(String link, long inode, long bytes) {}

  /** What a new file of ours is to the real kernel. */
  enum Shape {
    /** A socket: it cannot be mapped. */
    SOCKET,
    /** A file in memory, whose mappings are plain memory. */
    MEMORY,
    /** A file in memory that holds nothing: every access to a mapping is told. */
    REGISTERS
  }

  /**
   * Gives the caller a descriptor with a new file of ours behind it.
   *
   * @param bytes how far its offsets go
   * @return its number and identity; a negative number is minus errno
   */
  Made makeFile(boolean closeOnExec, Shape shape, long bytes);

  /**
   * A descriptor that was made.
   *
   * @param inode identity of a file in memory, 0 for a socket
   */
  record Made(int fd, String link, long inode) {}

  /** A copy of an {@code eventfd} of the caller, for {@link #signal}; minus errno. */
  int copyEvent(int pid, int fd);

  /** Adds 1 to an event counter of {@link #copyEvent}. */
  void signal(int copy);

  /** Has {@link Request.EventRang} asked whenever somebody adds to such a counter. */
  void watch(int copy);

  /** Gives such a copy back. */
  void release(int copy);

  /** RLIMIT_MEMLOCK of a process in bytes, -1 without one. */
  long memlock(int pid);

  /** Whether a process has a capability by its bit; null if that cannot be told from here. */
  @Nullable Boolean capable(int pid, int bit);
}
