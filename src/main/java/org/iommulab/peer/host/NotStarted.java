package org.iommulab.peer.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Why a program cannot be started, from what its file looks like ({@code execve(2)}). */
final class NotStarted {

  private static final int HEAD = 256;
  private static final int CLASS_AT = 4;
  private static final int CLASS_OF_32_BITS = 1;
  private static final byte[] ELF = {0x7F, 'E', 'L', 'F'};
  private static final int ENOENT = 2;
  private static final int E2BIG = 7;
  private static final int ENOEXEC = 8;
  private static final int EACCES = 13;
  private static final int ENOTDIR = 20;
  private static final int ETXTBSY = 26;

  private final String name;
  private final @Nullable Path file;

  /**
   * A program as it was named.
   *
   * @param name a path, or what is looked for in the folders of {@code PATH}
   */
  NotStarted(String name) {
    this.name = name;
    this.file = find(name);
  }

  /** The file that an executable one would be found as; null if there is none of that name. */
  private static @Nullable Path find(String name) {
    boolean isPath = name.contains("/");
    String places = isPath ? "" : System.getenv().getOrDefault("PATH", "/bin:/usr/bin");
    Path found = null;
    for (String place : places.split(":", -1)) {
      try {
        Path one = Path.of(place, name);
        boolean runs = Files.isExecutable(one) && (isPath || !Files.isDirectory(one));
        if (runs && !name.isEmpty()) {
          return one;
        }
        boolean there = Files.exists(one) && !name.isEmpty() && (isPath || !Files.isDirectory(one));
        found = found == null && there ? one : found;
      } catch (InvalidPathException e) {
        // No file has such a name.
      }
    }
    return found;
  }

  private byte[] head() {
    Path there = file;
    if (there == null || !Files.isRegularFile(there)) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(there)) {
      return in.readNBytes(HEAD);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static boolean isElf(byte[] head) {
    return head.length > CLASS_AT && Arrays.equals(head, 0, ELF.length, ELF, 0, ELF.length);
  }

  /** Tells whether its calls would have other numbers. */
  boolean isOf32Bits() {
    byte[] head = head();
    return isElf(head) && head[CLASS_AT] == CLASS_OF_32_BITS && Files.isExecutable(file);
  }

  /** One sentence that says what is wrong and what to do. */
  String sentence(int errno) {
    return "\"" + name + "\" cannot be started: " + why(errno);
  }

  private String why(int errno) {
    Path there = file;
    byte[] head = head();
    if (there != null && Files.isDirectory(there)) {
      return "it is a folder; name a program in it";
    }
    return switch (errno) {
      case ENOENT, ENOTDIR -> there == null ? missing() : withoutInterpreter(head);
      case EACCES ->
          there != null && !Files.isExecutable(there)
              ? "it may not be executed; allow it with \"chmod +x " + there + "\""
              : "it may not be executed: its file system is mounted without that, or who reads it"
                  + " for it (the first line behind #!) may not be executed";
      case ENOEXEC ->
          "it is neither a program for this machine nor a script that begins with #!; name the"
              + " shell or interpreter that reads it";
      case E2BIG -> "its arguments are too long";
      case ETXTBSY -> "somebody is writing to it; wait until that is done";
      default -> "the system refuses it (errno " + errno + ")";
    };
  }

  private String missing() {
    return name.contains("/")
        ? "there is no such file; check the path, which begins where you are"
        : "no folder of PATH has such a program; check the spelling, or give its path";
  }

  private static String withoutInterpreter(byte[] head) {
    if (isElf(head)) {
      return "the loader that it was built for is not there; install the C library that it needs";
    }
    String text = new String(head, StandardCharsets.UTF_8);
    String line = text.lines().findFirst().orElse("");
    String interpreter = line.startsWith("#!") ? line.substring(2).strip().split("\\s+")[0] : "";
    return text.startsWith("\r", line.length())
        ? "its first line ends with a carriage return; save it with line ends of Unix"
        : "its first line names \""
            + interpreter
            + "\", which is not there; install it or name"
            + " another";
  }
}
