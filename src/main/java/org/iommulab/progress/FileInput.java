package org.iommulab.progress;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files that people name: what waits for a writer, or has no end, is not opened at all. */
public final class FileInput {

  private FileInput() {}

  /**
   * A file's bytes; whoever listens hears how many of them have been read.
   *
   * @throws IOException if it is no file or cannot be opened; the message says which
   */
  public static InputStream open(Path file) throws IOException {
    refuseOthers(file);
    return new CountedInput(Files.newInputStream(file), Files.size(file));
  }

  /**
   * Complains about what is there and is no file.
   *
   * @throws IOException that says what it is instead
   */
  public static void refuseOthers(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder, not a file");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(
          "it is a device or a pipe, not a file: copy what it gives into a file first");
    }
  }
}
