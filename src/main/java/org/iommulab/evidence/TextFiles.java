package org.iommulab.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.iommulab.evidence.debugfs.BadText;
import org.iommulab.evidence.debugfs.DebugfsFile;
import org.iommulab.evidence.kind.Content;
import org.iommulab.evidence.kind.Kind;
import org.iommulab.words.WhyNot;

/** debugfs texts in a file or folder, put together to the tables they describe. */
final class TextFiles {

  private static final int DEPTH = 4;
  private static final int MOST_FILES = 4000;
  private static final long LARGEST = 512L << 20;
  private static final Pattern BETWEEN =
      Pattern.compile("(?m)^(?:==> .* <==|[#$] .*|root@.*[#$].*|cat /sys.*)\\R?");

  private TextFiles() {}

  /**
   * What the texts show.
   *
   * @return empty if there is a dump, or no such text
   * @throws Unreadable if a text of this kind is damaged
   */
  static Optional<Snapshot> snapshot(Path path) throws Unreadable {
    if (Files.isDirectory(path) && SnapshotFolder.holdsDump(path)) {
      return Optional.empty();
    }
    var files = new ArrayList<DebugfsFile>();
    for (Path file : files(path)) {
      if (isDebugfs(file)) {
        files.add(read(file));
      }
    }
    return files.isEmpty() ? Optional.empty() : TableTexts.snapshot(path.toString(), files);
  }

  private static List<Path> files(Path path) throws Unreadable {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> all = Files.walk(path, DEPTH)) {
      return all.filter(Files::isRegularFile).sorted().limit(MOST_FILES).toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new Unreadable("%s cannot be read: %s.", path, WhyNot.read(e));
    }
  }

  private static boolean isDebugfs(Path file) {
    byte[] head = FileBytes.head(file, 1 << 12);
    return Content.of(head, Math.max(head.length, 1)) == Kind.DEBUGFS;
  }

  private static DebugfsFile read(Path file) throws Unreadable {
    FileBytes bytes = FileBytes.open(file);
    if (bytes.size() > LARGEST) {
      throw new Unreadable("%s has %d bytes, more than a debugfs text has.", file, bytes.size());
    }
    String text =
        new String(bytes.array(0, (int) bytes.size()), StandardCharsets.ISO_8859_1)
            .replace("\r\n", "\n");
    return switch (DebugfsFile.read(BETWEEN.matcher(text).replaceAll(""))) {
      case DebugfsFile read -> read;
      case BadText bad -> throw new Unreadable("%s is damaged: %s", file, bad.sentence());
    };
  }
}
