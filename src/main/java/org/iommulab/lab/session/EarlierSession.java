package org.iommulab.lab.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A session that ended well or made room for another one, and had commands of the person's own in
 * it. Time and length stand in the file's name, so a list of them reads no file.
 *
 * @param path its file
 * @param end when it ended, in the time zone of this machine
 * @param commands how many commands its journal has, those of a preset included
 * @param name the preset or lesson in which it ended, or the dump under it; empty if there was none
 */
public record EarlierSession(Path path, LocalDateTime end, int commands, String name) {

  /** How many are kept; the oldest goes. */
  static final int MOST = 20;

  /** Bytes that all of them may take; the newest stays whatever its size. */
  static final long LARGEST = 256L << 20;

  private static final int LONGEST_NAME = 60;

  private static final String FOLDER = "earlier";
  private static final Pattern NAME =
      Pattern.compile("(\\d{8}T\\d{9})-(\\d{1,9})(?:-(.{1,60}))?\\.jsonl");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS", Locale.ROOT);

  /** Those below a folder of sessions, the newest first. */
  public static List<EarlierSession> in(Path sessions) {
    Path folder = sessions.resolve(FOLDER);
    try (Stream<Path> files =
        Files.isDirectory(folder) ? Files.list(folder) : Stream.<Path>empty()) {
      return files
          .map(EarlierSession::of)
          .flatMap(Optional::stream)
          .sorted(Comparator.comparing(EarlierSession::end).reversed())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static Optional<EarlierSession> of(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    if (!name.matches() || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      var end = LocalDateTime.parse(name.group(1), TIME);
      String of = name.group(3) == null ? "" : name.group(3);
      return Optional.of(new EarlierSession(file, end, Integer.parseInt(name.group(2)), of));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Where the session goes that ends now, in a folder that is there afterwards. */
  static Path place(Path sessions, int commands, String name) throws IOException {
    Path folder = Files.createDirectories(sessions.resolve(FOLDER));
    LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS);
    // Their order is that of their ends, also of two in one millisecond or when the clock goes
    // back.
    LocalDateTime end =
        in(sessions).stream()
            .findFirst()
            .map(newest -> newest.end().plus(1, ChronoUnit.MILLIS))
            .filter(next -> next.isAfter(now))
            .orElse(now);
    String of = name.replaceAll("[^A-Za-z0-9._-]", "_");
    of = of.substring(Math.max(0, of.length() - LONGEST_NAME));
    String ending = (of.isEmpty() ? "" : "-" + of) + ".jsonl";
    return folder.resolve(TIME.format(end) + "-" + commands + ending);
  }

  /** Lets the oldest go until the rest is few and small enough. */
  static void prune(Path sessions) {
    long bytes = 0;
    int kept = 0;
    for (EarlierSession one : in(sessions)) {
      try {
        bytes += Files.size(one.path);
        kept++;
        if (kept > 1 && (kept > MOST || bytes > LARGEST)) {
          Files.deleteIfExists(one.path);
        }
      } catch (IOException e) {
        // Another program may have let it go; or it goes the next time.
      }
    }
  }
}
