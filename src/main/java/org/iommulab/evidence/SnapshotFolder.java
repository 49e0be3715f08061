package org.iommulab.evidence;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;

/** Finds the dump in a folder, and the registers beside a dump. */
final class SnapshotFolder {

  /** Names under which registers are looked for. */
  static final List<String> REGISTER_NAMES =
      List.of("vtd-registers.bin", "vtd-registers-xp.txt", "iommu_regset");

  private static final String MORE_REGISTERS = "vtd-registers-{0x,}[0-9a-fA-F]*.{bin,txt}";

  private static final List<String> ENDINGS =
      List.of(
          ".elf", ".elf.gz", ".core", ".core.gz", ".lime", ".lime.gz", ".raw", ".raw.gz", ".img");

  private SnapshotFolder() {}

  /** The dump to open in a folder. */
  static Path dump(Path folder) throws Unreadable {
    var snapshots = new ArrayList<String>();
    @Nullable Path best = null;
    int bestRank = ENDINGS.size();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (Files.isDirectory(entry) && name.startsWith("snap-")) {
          snapshots.add(name);
        }
        int rank = rank(name);
        if (Files.isRegularFile(entry) && rank >= 0 && isBetter(rank, entry, bestRank, best)) {
          best = entry;
          bestRank = rank;
        }
      }
    } catch (DirectoryIteratorException | IOException e) {
      throw new Unreadable("The folder %s cannot be listed: %s.", folder, WhyNot.read(e));
    }
    if (best != null) {
      return best;
    }
    if (!snapshots.isEmpty()) {
      snapshots.sort(null);
      throw new Unreadable(
          "%s holds no dump itself but %d snapshots: open one of %s.",
          folder, snapshots.size(), String.join(", ", snapshots));
    }
    throw new Unreadable(
        "There is no memory dump in %s: looked for files that end in %s.",
        folder, String.join(", ", ENDINGS));
  }

  /** Tells whether there is a dump in a folder, or folders that hold dumps. */
  static boolean holdsDump(Path folder) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.startsWith("snap-") || rank(name) >= 0) {
          return true;
        }
      }
      return false;
    } catch (DirectoryIteratorException | IOException e) {
      return false;
    }
  }

  private static boolean isBetter(int rank, Path entry, int bestRank, @Nullable Path best) {
    return best == null || rank < bestRank || rank == bestRank && entry.compareTo(best) < 0;
  }

  private static int rank(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (int i = 0; i < ENDINGS.size(); i++) {
      if (lower.endsWith(ENDINGS.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a file without a known header is taken for a raw memory image by its name. */
  static boolean isRawImage(Path file) {
    return rank(String.valueOf(file.getFileName())) >= ENDINGS.indexOf(".raw");
  }

  /**
   * The register dumps beside a file: the first of the usual names, and those whose name tells the
   * unit, such as {@code vtd-registers-fed91000.bin}.
   */
  static List<Path> registersBeside(Path dump) throws Unreadable {
    Path folder = dump.toAbsolutePath().getParent();
    var files = new ArrayList<Path>();
    for (String name : REGISTER_NAMES) {
      Path beside = dump.toAbsolutePath().resolveSibling(name);
      if (files.isEmpty() && Files.isRegularFile(beside)) {
        files.add(beside);
      }
    }
    if (folder == null) {
      return files;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, MORE_REGISTERS)) {
      var more = new ArrayList<Path>();
      entries.forEach(more::add);
      more.sort(null);
      more.removeIf(file -> REGISTER_NAMES.contains(String.valueOf(file.getFileName())));
      files.addAll(more);
    } catch (DirectoryIteratorException | IOException e) {
      throw new Unreadable("The folder %s cannot be listed: %s.", folder, WhyNot.read(e));
    }
    return files;
  }
}
