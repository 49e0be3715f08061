package org.iommulab.linux.program;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;

/** A file of text that a program writes and reads through our kernel. */
public abstract class TextFile extends OpenFile {

  private static final int LONGEST = 4096;

  private long position;

  private TextFile(String path) {
    super(path);
  }

  abstract String text();

  abstract SyscallResult store(String text);

  @Override
  public SyscallResult read(Process caller, long buffer, long length) {
    SyscallResult read = readAt(caller, buffer, length, position);
    position += read.failed() ? 0 : read.ret();
    return read;
  }

  @Override
  public SyscallResult writeAt(Process caller, long buffer, long length, long offset) {
    return write(caller, buffer, length);
  }

  /** {@code SEEK_SET} and {@code SEEK_CUR}: how long a text is only who reads it finds out. */
  @Override
  public SyscallResult seek(long offset, int whence) {
    long to = whence == 0 ? offset : whence == 1 ? position + offset : -1;
    if (to < 0) {
      return SyscallResult.fail(Errno.EINVAL, "there is no such place in " + path());
    }
    position = to;
    return SyscallResult.ok(to);
  }

  @Override
  public SyscallResult readAt(Process caller, long buffer, long length, long offset) {
    byte[] all = text().getBytes(StandardCharsets.UTF_8);
    int from = (int) Math.clamp(offset, 0, all.length);
    int count = (int) Math.clamp(length, 0, all.length - from);
    return caller.write(buffer, Arrays.copyOfRange(all, from, from + count))
        ? SyscallResult.ok(count)
        : SyscallResult.fail(Errno.EFAULT, "the buffer cannot be written");
  }

  @Override
  public SyscallResult write(Process caller, long buffer, long length) {
    byte[] bytes = new byte[(int) Math.clamp(length, 0, LONGEST)];
    if (!caller.read(buffer, bytes)) {
      return SyscallResult.fail(Errno.EFAULT, "the buffer cannot be read");
    }
    SyscallResult result =
        store(new String(bytes, StandardCharsets.UTF_8).replace("\0", "").strip());
    return result.failed() ? result : SyscallResult.ok(bytes.length);
  }

  /** {@code fail-nth} of a thread. */
  static final class Failure extends TextFile {
    private final int thread;
    private final Map<Integer, Long> failures;

    Failure(String path, int thread, Map<Integer, Long> failures) {
      super(path);
      this.thread = thread;
      this.failures = failures;
    }

    @Override
    String text() {
      return failures.getOrDefault(thread, 0L) + "\n";
    }

    @Override
    SyscallResult store(String text) {
      try {
        failures.put(thread, Long.parseLong(text));
        return SyscallResult.ok(0);
      } catch (NumberFormatException e) {
        return SyscallResult.fail(Errno.EINVAL, "fail-nth is a number");
      }
    }
  }

  /** A sysfs attribute that is written. */
  public static final class Attribute extends TextFile {
    private final RealProcess opener;

    Attribute(String path, RealProcess opener) {
      super(path);
      this.opener = opener;
    }

    @Override
    String text() {
      return "";
    }

    @Override
    SyscallResult store(String text) {
      return opener.writeFile(path(), text);
    }
  }
}
