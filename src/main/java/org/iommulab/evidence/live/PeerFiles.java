package org.iommulab.evidence.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files that the process behind a socket has open, as {@code /proc} shows them to the same
 * user. On systems without it there are none.
 */
final class PeerFiles {

  private static final Path PROC = Path.of("/proc");
  private static final Path SOCKETS = PROC.resolve("net/unix");
  private static final int INODE_COLUMN = 6;
  private static final int PATH_COLUMN = 7;

  private PeerFiles() {}

  /** The folder in {@code /proc} of the process that listens on a socket. */
  static Optional<Path> process(Path socket) {
    Set<String> links = links(socket);
    if (links.isEmpty()) {
      return Optional.empty();
    }
    for (Path process : entries(PROC)) {
      boolean number = process.getFileName().toString().chars().allMatch(Character::isDigit);
      if (number && files(process).stream().anyMatch(file -> links.contains(target(file)))) {
        return Optional.of(process);
      }
    }
    return Optional.empty();
  }

  /** What descriptors of that socket look like; relative and chrooted paths match by their end. */
  private static Set<String> links(Path socket) {
    var links = new HashSet<String>();
    Path name = socket.getFileName();
    try {
      for (String line : Files.readAllLines(SOCKETS, StandardCharsets.ISO_8859_1)) {
        String[] columns = line.strip().split("\\s+", PATH_COLUMN + 1);
        if (columns.length > PATH_COLUMN && isCalled(columns[PATH_COLUMN], name)) {
          links.add("socket:[" + columns[INODE_COLUMN] + "]");
        }
      }
    } catch (IOException | InvalidPathException e) {
      return Set.of();
    }
    return links;
  }

  private static boolean isCalled(String path, Path name) {
    return !path.startsWith("@") && name != null && path.endsWith(name.toString());
  }

  /** The descriptors of a process. */
  static List<Path> files(Path process) {
    return entries(process.resolve("fd"));
  }

  /** What a descriptor leads to, as the kernel calls it. */
  static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }

  private static List<Path> entries(Path folder) {
    var entries = new ArrayList<Path>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(entries::add);
    } catch (DirectoryIteratorException | IOException e) {
      // Other people's processes are closed to us.
      return List.of();
    }
    return entries;
  }
}
