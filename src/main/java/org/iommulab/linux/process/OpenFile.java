package org.iommulab.linux.process;

import java.util.List;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.memory.AddressRange;
import org.jspecify.annotations.Nullable;

/** An open file description; descriptors and kernel objects hold references to it. */
public abstract class OpenFile {

  /** Poll event: there is something to read. */
  public static final int POLLIN = 1;

  /** Poll event: a write would not wait. */
  public static final int POLLOUT = 4;

  private final String path;
  private int references = 1;

  /** A file opened under that path, with one reference. */
  protected OpenFile(String path) {
    this.path = path;
  }

  /** The path it was opened by. */
  public final String path() {
    return path;
  }

  /** Takes another reference. */
  public final OpenFile get() {
    references++;
    return this;
  }

  /** Gives a reference back; the last one releases the file. */
  public final void put() {
    if (--references == 0) {
      release();
    }
  }

  /** Handles an ioctl. */
  public SyscallResult ioctl(Process caller, int command, long argument) {
    return SyscallResult.fail(Errno.ENOTTY, path + " has no ioctl");
  }

  /** Handles a read into user memory. */
  public SyscallResult read(Process caller, long buffer, long length) {
    return SyscallResult.fail(Errno.EINVAL, path + " cannot be read");
  }

  /** Handles a write from user memory. */
  public SyscallResult write(Process caller, long buffer, long length) {
    return SyscallResult.fail(Errno.EINVAL, path + " cannot be written");
  }

  /**
   * Handles {@code pread()}. A node's file takes no notice of the position; one without a node has
   * none ({@code FMODE_PREAD}).
   */
  public SyscallResult readAt(Process caller, long buffer, long length, long offset) {
    return hasNode() ? read(caller, buffer, length) : noPosition();
  }

  /** Handles {@code pwrite()}, as {@link #readAt}. */
  public SyscallResult writeAt(Process caller, long buffer, long length, long offset) {
    return hasNode() ? write(caller, buffer, length) : noPosition();
  }

  /** Handles {@code lseek()}; the result is where the file is then. */
  public SyscallResult seek(long offset, int whence) {
    return noPosition();
  }

  private boolean hasNode() {
    return path.startsWith("/dev/");
  }

  private SyscallResult noPosition() {
    return SyscallResult.fail(Errno.ESPIPE, path + " has no position");
  }

  /**
   * Memory of a device that the file shows.
   *
   * @param offset where in the file it begins
   * @param physical its addresses on the bus
   */
  public record Window(long offset, AddressRange physical) {}

  /** What of the file is memory of a device. */
  public List<Window> windows() {
    return List.of();
  }

  /**
   * What a mapping shows when it is made, if the file has memory of the kernel behind it; null if
   * what is mapped has bytes of its own.
   */
  public byte @Nullable [] shownAt(long offset, int length) {
    return null;
  }

  /** Tells whether an offset's bytes lie in the mapped file itself, so that nobody need answer. */
  public boolean liesInFile(long offset) {
    return false;
  }

  /** How far the offsets go at which the file can be mapped; 0 if it cannot be mapped at all. */
  public long mappableBytes() {
    return 0;
  }

  /**
   * Tells whether registers are behind the mapped file: then it holds nothing itself, and every
   * access to a mapping is {@link #readMapped} or {@link #writeMapped}.
   */
  public boolean showsRegisters() {
    return false;
  }

  /**
   * Tells whether memory of a device that the file shows is there now; if not, whoever has it
   * mapped gets SIGBUS, and the kernel finds no page there.
   */
  public boolean answersMapped() {
    return true;
  }

  /** A load of 1, 2, 4 or 8 bytes from a mapping, by the offset in the file. */
  public long readMapped(long offset, int size) {
    return 0;
  }

  /** A store of so many bytes to a mapping, by the offset in the file. */
  public void writeMapped(long offset, int size, long value) {}

  /** Handles {@code mmap()}: whether those bytes can be mapped. */
  public Status map(long offset, long length) {
    return Status.fail(Errno.ENODEV, path + " cannot be mapped");
  }

  /** What a {@code poll()} would report now: {@link #POLLIN}, {@link #POLLOUT}. */
  public int poll() {
    return POLLIN | POLLOUT;
  }

  /** The last reference is gone. */
  protected void release() {}
}
