package org.iommulab.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers why something of it was lost; a {@link java.io.PrintStream} knows
 * only that.
 */
final class StandardOutput extends OutputStream {

  private static final Path OURS = Path.of("/proc/self/fd/1");

  private final OutputStream to;
  private final boolean kept;
  private @Nullable IOException lost;

  /**
   * Over a stream.
   *
   * @param kept whether what is written stays: a reader at the other end of a pipe may well leave
   */
  StandardOutput(OutputStream to, boolean kept) {
    this.to = to;
    this.kept = kept;
  }

  /** Tells whether standard output is a file or a device; false where the system does not say. */
  static boolean isKept() {
    try {
      return Files.readSymbolicLink(OURS).isAbsolute();
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Why something that should have been kept was lost, null if nothing was. */
  @Nullable IOException lost() {
    return kept ? lost : null;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      to.write(bytes, from, length);
    } catch (IOException e) {
      lost = lost == null ? e : lost;
      throw e;
    }
  }
}
