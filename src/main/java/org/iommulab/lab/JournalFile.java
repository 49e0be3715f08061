package org.iommulab.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.iommulab.lab.script.Script;
import org.iommulab.words.WhyNot;

/** Writes journals so that a crash at any moment leaves a complete file, the old or the new one. */
final class JournalFile {

  private JournalFile() {}

  static Optional<String> write(Path file, Script script) {
    Path folder = file.toAbsolutePath().getParent();
    try {
      if (folder == null) {
        return Optional.of(file + " is not the name of a file");
      }
      Files.createDirectories(folder);
      Path fresh = Files.createTempFile(folder, String.valueOf(file.getFileName()), ".new");
      try {
        fill(fresh, script.toText());
        replace(fresh, file);
      } finally {
        Files.deleteIfExists(fresh);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(file + " cannot be written: " + WhyNot.written(e));
    }
  }

  private static void fill(Path file, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void replace(Path fresh, Path file) throws IOException {
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
