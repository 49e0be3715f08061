package org.iommulab.peer.host;

/**
 * Where the two architectures differ in what the kernel and its programs tell each other. Numbers
 * of system calls are with {@link Call}.
 */
public enum Architecture {
  /** {@code arch/x86/include/uapi/asm/stat.h}, {@code fcntl.h}; epoll events are packed. */
  X86_64(0xC000_003E, 0x8000, 144, 24, 40, 4),
  /** {@code include/uapi/asm-generic/stat.h}, {@code arch/arm64/include/uapi/asm/fcntl.h}. */
  AARCH64(0xC000_00B7, 0x2_0000, 128, 16, 32, 8);

  private final int audit;
  private final int largeFile;
  private final int statBytes;
  private final int statModeAt;
  private final int statDeviceAt;
  private final int epollDataAt;

  Architecture(
      int audit, int largeFile, int statBytes, int statModeAt, int statDeviceAt, int epollDataAt) {
    this.audit = audit;
    this.largeFile = largeFile;
    this.statBytes = statBytes;
    this.statModeAt = statModeAt;
    this.statDeviceAt = statDeviceAt;
    this.epollDataAt = epollDataAt;
  }

  /** This machine's; on one that is neither, nothing can be watched. */
  public static Architecture here() {
    return System.getProperty("os.arch", "").equals("aarch64") ? AARCH64 : X86_64;
  }

  /** {@code AUDIT_ARCH_…} of {@code linux/audit.h}: which numbers a caller means. */
  int audit() {
    return audit;
  }

  /** {@code O_LARGEFILE}, which a 64-bit kernel adds to what is opened by path. */
  public int largeFile() {
    return largeFile;
  }

  /** Size of {@code struct stat}. */
  public int statBytes() {
    return statBytes;
  }

  /** Offset of {@code st_mode}, four bytes. */
  public int statModeAt() {
    return statModeAt;
  }

  /** Offset of {@code st_rdev}, eight bytes. */
  public int statDeviceAt() {
    return statDeviceAt;
  }

  /** Offset of {@code data} in {@code struct epoll_event}; the event ends behind it. */
  int epollDataAt() {
    return epollDataAt;
  }

  /** Tells whether registers of its threads can be read here, and its instructions carried out. */
  boolean canBeTraced() {
    return this == X86_64;
  }
}
