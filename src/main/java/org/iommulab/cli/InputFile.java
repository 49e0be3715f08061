package org.iommulab.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.WhyNot;
import picocli.CommandLine.ITypeConverter;

/**
 * A file that somebody names to be read. A descriptor of the program itself, such as {@code
 * /dev/stdin} or what a shell's {@code <(COMMAND)} stands for, gives its bytes once only: they are
 * put into a temporary file first.
 */
public final class InputFile implements ITypeConverter<Path> {

  private static final Pattern DESCRIPTOR =
      Pattern.compile("/dev/(stdin|fd/\\d+)|/proc/self/fd/\\d+");

  /** More than any log, and than a dump that somebody sends through a pipe. */
  private static final long MOST = 16L << 30;

  /** What came through a descriptor cannot be kept; the message is a sentence. */
  static final class Unkept extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Unkept(String sentence) {
      super(sentence);
    }
  }

  /** Where what came through a descriptor is kept, and what whoever named it calls it. */
  private static final Map<String, String> GIVEN = new ConcurrentHashMap<>();

  private final Map<String, Path> converted = new HashMap<>();

  /** The parser tries a word before it takes it, and a descriptor gives its bytes once. */
  @Override
  public Path convert(String word) {
    return converted.computeIfAbsent(word, InputFile::of);
  }

  /**
   * Where the bytes of a file are.
   *
   * @throws IllegalArgumentException if the word is no name of a file, or a descriptor gives more
   *     than can be kept
   */
  public static Path of(String word) {
    Path path = Path.of(word);
    boolean once = DESCRIPTOR.matcher(word).matches() && !Files.isDirectory(path);
    return once && !Files.isRegularFile(path) ? kept(path) : path;
  }

  /** The same for a word that may also name something else: complains in a sentence. */
  static Reading<Path> named(String word) {
    try {
      return new Reading.Good<>(of(word));
    } catch (InvalidPathException e) {
      return new Reading.Bad<>("\"" + word + "\" is no name of a file");
    } catch (Unkept e) {
      return new Reading.Bad<>(String.valueOf(e.getMessage()));
    }
  }

  /** A text with the names that were given in the place of temporary files. */
  static String asGiven(String text) {
    String given = text;
    for (Map.Entry<String, String> one : GIVEN.entrySet()) {
      given = given.replace(one.getKey(), one.getValue());
    }
    return given;
  }

  private static Path kept(Path descriptor) {
    try (InputStream in = open(descriptor)) {
      return kept(in, descriptor.toString());
    } catch (IOException e) {
      throw new Unkept(descriptor + " cannot be read: " + WhyNot.read(e));
    }
  }

  /** Standard input may be a socket, which has no name that can be opened. */
  private static InputStream open(Path descriptor) throws IOException {
    return descriptor.endsWith("stdin") || descriptor.endsWith("0")
        ? standardInput()
        : Files.newInputStream(descriptor);
  }

  /**
   * Standard input. Where it was closed, its number goes to the first file that Java itself opens.
   *
   * @throws IOException if it is closed
   */
  static InputStream standardInput() throws IOException {
    if (isOwn(Path.of("/proc/self/fd/0"))) {
      throw new IOException("it is closed; send the text through a pipe, or name a file");
    }
    return System.in;
  }

  /** Whether a descriptor is one of Java's own: its modules, its archive of classes, a library. */
  static boolean isOwn(Path descriptor) {
    try {
      Path file = descriptor.toRealPath();
      boolean own = file.startsWith(Path.of(System.getProperty("java.home")).toRealPath());
      return own || file.toString().endsWith(".jar") || file.toString().endsWith(".aot");
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A file with what a stream gives, which goes when the program ends.
   *
   * @param given what it is called in sentences
   * @throws IOException if the stream cannot be read, there is no room, or no end to it
   */
  static Path kept(InputStream in, String given) throws IOException {
    Path folder = Files.createTempDirectory("iommu-lab-input-");
    folder.toFile().deleteOnExit();
    Path file = folder.resolve(given.substring(given.lastIndexOf('/') + 1).replace(' ', '-'));
    GIVEN.put(file.toString(), given);
    file.toFile().deleteOnExit();
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] part = new byte[1 << 16];
      long length = 0;
      for (int read = in.read(part); read >= 0; read = in.read(part)) {
        length += read;
        if (length > MOST) {
          throw new IOException("it gives more than " + (MOST >> 30) + " GiB");
        }
        out.write(part, 0, read);
      }
    }
    return file;
  }
}
