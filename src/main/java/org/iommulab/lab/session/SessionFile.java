package org.iommulab.lab.session;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.iommulab.lab.language.Complaint;

/**
 * A session file and the lock on it. The lock goes with the program that holds it, however that
 * ends: a file that can be locked was left behind. A file has its final name only once it is
 * locked, so nobody else ever sees an unlocked one that is in use.
 */
public final class SessionFile implements AutoCloseable {

  private static final String PREFIX = "session-";
  private static final String SUFFIX = ".jsonl";

  /** A longer line is damage: no command comes near it. */
  private static final int LONGEST_LINE = 64 << 20;

  private final Path path;
  private final FileChannel channel;
  private long length;
  private long readable;

  private SessionFile(Path path, FileChannel channel, long length) {
    this.path = path;
    this.channel = channel;
    this.length = length;
  }

  /** Starts a file in a folder, which is made if it is not there. */
  public static SessionFile create(Path folder) throws IOException {
    Files.createDirectories(folder);
    String name = PREFIX + ProcessHandle.current().pid() + "-" + UUID.randomUUID();
    Path fresh = folder.resolve(name + ".new");
    FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      lock(channel);
      Path path = folder.resolve(name + SUFFIX);
      Files.move(fresh, path);
      return new SessionFile(path, channel, 0);
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(fresh);
      throw e;
    }
  }

  /** All files in a folder that no program holds, the newest first; they are held from now on. */
  public static List<SessionFile> left(Path folder) {
    var left = new ArrayList<SessionFile>();
    try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
      files
          .filter(SessionFile::isSession)
          .sorted((a, b) -> Long.compare(b.toFile().lastModified(), a.toFile().lastModified()))
          .forEach(file -> hold(file).ifPresent(left::add));
    } catch (IOException e) {
      // What cannot be listed cannot be offered; it stays.
    }
    return left;
  }

  private static boolean isSession(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(PREFIX) && name.endsWith(SUFFIX) && Files.isRegularFile(file);
  }

  private static Optional<SessionFile> hold(Path path) {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (isFree(channel)) {
        return Optional.of(new SessionFile(path, channel, channel.size()));
      }
      channel.close();
    } catch (IOException e) {
      // It may be of another user, or have gone this moment.
    }
    return Optional.empty();
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static void lock(FileChannel channel) throws IOException {
    FileLock lock = channel.tryLock();
    if (lock == null) {
      throw new IOException("the file cannot be locked");
    }
  }

  /** Where it lies. */
  public Path path() {
    return path;
  }

  /** Its size in bytes. */
  public long length() {
    return length;
  }

  /** Adds whole lines; if that is not possible, none of them is in the file. */
  public void append(List<String> lines) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text(lines));
    long at = length;
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      length = at;
    } catch (IOException e) {
      channel.truncate(length);
      throw e;
    }
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + (lines.isEmpty() ? "" : "\n");
  }

  /**
   * What it says. A last line without its end was being written when the program ended and is left
   * out; reading stops at any other line that makes no sense.
   */
  public KeptSession read() throws IOException {
    var lines = new SessionLines();
    readable = 0;
    channel.position(0);
    // Not closed: that would close the channel and give the lock away.
    InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
    for (int number = 1; ; number++) {
      var line = new ByteArrayOutputStream();
      boolean ended = readLine(in, line);
      if (!ended && line.size() == 0) {
        return lines.session(0);
      }
      try {
        lines.read(decoded(line));
        readable += line.size() + 1;
      } catch (Complaint | CharacterCodingException e) {
        return lines.session(ended ? number : 0);
      }
    }
  }

  private static boolean readLine(InputStream in, ByteArrayOutputStream line) throws IOException {
    int next = in.read();
    while (next >= 0 && next != '\n' && line.size() < LONGEST_LINE) {
      line.write(next);
      next = in.read();
    }
    return next >= 0;
  }

  private static String decoded(ByteArrayOutputStream line) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(line.toByteArray()))
        .toString();
  }

  /**
   * Keeps a copy of a damaged file under a name of its own and leaves only what {@link #read} could
   * read. Gives the copy's place.
   */
  public Path putAside() throws IOException {
    Path aside = path.resolveSibling(path.getFileName() + ".damaged");
    // Through this channel: closing another one on the same file would give the lock away.
    try (FileChannel copy =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long all = channel.size();
      for (long at = 0; at < all; ) {
        at += channel.transferTo(at, all - at, copy);
      }
    }
    channel.truncate(Math.min(readable, channel.size()));
    length = channel.size();
    return aside;
  }

  /** Opens one file; it is held from now on. Fails if another program holds it. */
  public static SessionFile open(Path path) throws IOException {
    return hold(path).orElseThrow(() -> new IOException("the file cannot be locked"));
  }

  /** Moves it to another place and lets go of it. */
  void moveTo(Path place) throws IOException {
    Files.move(path, place);
    close();
  }

  /** Removes it from the disk. */
  public void delete() throws IOException {
    Files.deleteIfExists(path);
    channel.close();
  }

  /** Lets go of it; it stays on the disk. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The system closes it with the program.
    }
  }
}
