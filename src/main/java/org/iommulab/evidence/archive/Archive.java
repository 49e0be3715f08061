package org.iommulab.evidence.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.iommulab.progress.ScratchFolder;

/**
 * Unpacks an archive into a new temporary folder. Names lead nowhere else, links are left out, and
 * neither their number nor their size is unbounded.
 */
public final class Archive {

  static final int MOST_FILES = 20_000;
  static final long MOST_BYTES = 16L << 30;
  private static final int LONGEST_NAME = 400;

  private final Path folder;
  private int files;
  private long bytes;

  private Archive(Path folder) {
    this.folder = folder;
  }

  /** What an archive may be. */
  public enum Form {
    TAR,
    ZIP
  }

  /** More than an archive of evidence holds. */
  static final class TooMuch extends IOException {
    private static final long serialVersionUID = 1;

    TooMuch(String message) {
      super(message);
    }
  }

  /**
   * Unpacks.
   *
   * @param in already unpacked from gzip or xz
   * @return a folder that the caller takes away
   * @throws IOException if the archive is damaged, too large, or there is no room
   */
  public static ScratchFolder unpack(InputStream in, Form form) throws IOException {
    ScratchFolder made = ScratchFolder.make("case");
    var archive = new Archive(made.path());
    try {
      switch (form) {
        case TAR -> archive.tar(in);
        case ZIP -> archive.zip(in);
      }
      return made;
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  /**
   * Undoes gzip and xz, once each.
   *
   * @throws IOException if the stream is damaged
   */
  public static InputStream plain(InputStream raw) throws IOException {
    var in = new BufferedInputStream(raw, 1 << 16);
    in.mark(6);
    byte[] head = in.readNBytes(6);
    in.reset();
    if (head.length > 2 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B) {
      return new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16);
    }
    if (head.length == 6 && (head[0] & 0xFF) == 0xFD && head[1] == '7' && head[2] == 'z') {
      return new BufferedInputStream(new org.tukaani.xz.XZInputStream(in, 1 << 17), 1 << 16);
    }
    return in;
  }

  private void tar(InputStream in) throws IOException {
    var reader = new TarReader(in);
    while (reader.next()) {
      if (reader.isFile()) {
        store(reader.name(), reader.content());
      }
    }
  }

  private void zip(InputStream in) throws IOException {
    try (var reader = new ZipInputStream(in)) {
      ZipEntry entry;
      while ((entry = reader.getNextEntry()) != null) {
        if (!entry.isDirectory()) {
          store(entry.getName(), reader);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("a name in the archive is no text", e);
    }
  }

  private void store(String name, InputStream content) throws IOException {
    if (++files > MOST_FILES) {
      throw new TooMuch("it holds more than " + MOST_FILES + " files");
    }
    Path target = inside(name);
    Files.createDirectories(target.getParent());
    if (Files.exists(target)) {
      target = target.resolveSibling(target.getFileName() + "~" + files);
    }
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(target)) {
      int count;
      while ((count = content.read(buffer)) > 0) {
        bytes += count;
        if (bytes > MOST_BYTES) {
          throw new TooMuch("it unpacks to more than " + (MOST_BYTES >> 30) + " GiB");
        }
        out.write(buffer, 0, count);
      }
    }
  }

  /** Where a name leads below the folder; steps upwards and roots are dropped. */
  private Path inside(String name) {
    Path path = folder;
    String plain = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
    for (String part : plain.split("[/\\\\]+")) {
      String step = part.replaceAll("[\\p{Cntrl}:*?\"<>|]", "_");
      if (step.isEmpty() || step.equals(".") || step.equals("..")) {
        continue;
      }
      try {
        path = path.resolve(step.length() > 120 ? step.substring(0, 120) : step);
      } catch (InvalidPathException e) {
        path = path.resolve("unnamed");
      }
    }
    return path.equals(folder) ? folder.resolve("unnamed") : path;
  }
}
