package org.iommulab.linux.program;

/** Something that real processes want of our kernel, or that befell them. */
public sealed interface Request {

  /**
   * Before the first program: a device that no driver has goes to vfio-pci.
   *
   * @param device its address with the segment
   * @param whole whether it is a function of its own, not a virtual one
   */
  record Assign(String device, boolean whole) implements Request {}

  /**
   * What is learned is for the command behind this one, which is none of a program but touches its
   * memory.
   */
  record Beside() implements Request {}

  /** A process asks for the first time. */
  record Begin(int pid, String name) implements Request {}

  /** What kind of file is opened. */
  enum Opened {
    /** A device node. */
    DEVICE,
    /** A sysfs attribute, for writing. */
    ATTRIBUTE,
    /** {@code fail-nth} of the thread {@code number}. */
    FAILURE
  }

  /** {@code open()} of a file of ours. */
  record Open(int pid, int thread, Opened kind, String path, int number) implements Request {}

  /** A system call on an open file of ours. */
  enum Kind {
    IOCTL,
    READ,
    WRITE,
    PREAD,
    PWRITE,
    SEEK
  }

  /** Its arguments behind the descriptor are {@code a}, {@code b}, {@code c}. */
  record OnFile(int pid, int thread, Kind kind, int fd, long a, long b, long c)
      implements Request {}

  /** {@code mmap()} of a file of ours. */
  record MapFile(int pid, int thread, int fd, long offset, long length) implements Request {}

  /**
   * A load or store by a mapping of a file of ours that shows registers.
   *
   * @param link the file
   * @param offset place in the file
   * @param bytes 1, 2, 4 or 8
   */
  record Access(int pid, String link, long offset, int bytes, boolean store, long value)
      implements Request {}

  /** Devices go on with their work while nobody asks for anything. */
  record Work() implements Request {}

  /** Somebody has added to an event counter that our kernel watches. */
  record EventRang(int copy) implements Request {}

  /**
   * Memory of a process goes, or is laid over: pages {@code firstPage} to below {@code endPage}.
   */
  record MemoryGoes(int pid, long firstPage, long endPage) implements Request {}

  /** A process is about to exit; its memory is still there. */
  record Exits(int pid) implements Request {}

  /** The last descriptor of a file has gone. */
  record FileEnds(String link) implements Request {}

  /** A process has ended. */
  record ProcessEnds(int pid) implements Request {}
}
