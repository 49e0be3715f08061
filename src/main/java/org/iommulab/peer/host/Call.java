package org.iommulab.peer.host;

import java.util.List;
import java.util.Locale;

/**
 * System calls that are made or watched here, by the numbers of both architectures ({@code
 * asm/unistd_64.h}, {@code asm-generic/unistd.h}); -1 where an architecture has none of that name.
 */
public enum Call {
  READ(0, 63),
  WRITE(1, 64),
  OPEN(2, -1),
  CLOSE(3, 57),
  STAT(4, -1),
  FSTAT(5, 80),
  LSTAT(6, -1),
  LSEEK(8, 62),
  MMAP(9, 222),
  MUNMAP(11, 215),
  IOCTL(16, 29),
  PREAD64(17, 67),
  PWRITE64(18, 68),
  READV(19, 65),
  WRITEV(20, 66),
  ACCESS(21, -1),
  MREMAP(25, 216),
  MADVISE(28, 233),
  RECVFROM(45, 207),
  SOCKETPAIR(53, 199),
  EXECVE(59, 221),
  EXIT(60, 93),
  WAIT4(61, 260),
  FCNTL(72, 25),
  FSYNC(74, 82),
  FDATASYNC(75, 83),
  FTRUNCATE(77, 46),
  READLINK(89, -1),
  PTRACE(101, 117),
  CAPGET(125, 90),
  PRCTL(157, 167),
  GETXATTR(191, 8),
  LGETXATTR(192, 9),
  EXIT_GROUP(231, 94),
  EPOLL_CTL(233, 21),
  WAITID(247, 95),
  INOTIFY_ADD_WATCH(254, 27),
  INOTIFY_RM_WATCH(255, 28),
  OPENAT(257, 56),
  NEWFSTATAT(262, 79),
  READLINKAT(267, 78),
  FACCESSAT(269, 48),
  PPOLL(271, 73),
  EPOLL_PWAIT(281, 22),
  FALLOCATE(285, 47),
  EVENTFD2(290, 19),
  EPOLL_CREATE1(291, 20),
  PIPE2(293, 59),
  INOTIFY_INIT1(294, 26),
  PREADV(295, 69),
  PWRITEV(296, 70),
  PRLIMIT64(302, 261),
  PROCESS_VM_READV(310, 270),
  PROCESS_VM_WRITEV(311, 271),
  SECCOMP(317, 277),
  MEMFD_CREATE(319, 279),
  EXECVEAT(322, 281),
  PREADV2(327, 286),
  PWRITEV2(328, 287),
  STATX(332, 291),
  PIDFD_OPEN(434, 434),
  OPENAT2(437, 437),
  PIDFD_GETFD(438, 438),
  FACCESSAT2(439, 439);

  private static final Architecture HERE = Architecture.here();

  private final int x86;
  private final int arm;

  Call(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /** Its number on this machine; -1 if this architecture has no such call. */
  public int number() {
    return number(HERE);
  }

  /** Its number on an architecture; -1 if that has no such call. */
  int number(Architecture architecture) {
    return architecture == Architecture.AARCH64 ? arm : x86;
  }

  /** Its name as the manual pages write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Tells whether numbers of this machine's architecture are known here. */
  static boolean known() {
    return List.of("aarch64", "amd64", "x86_64").contains(System.getProperty("os.arch", ""));
  }
}
