package org.iommulab.evidence;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.acpi.AcpiTables;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarReading;
import org.iommulab.memory.PhysicalMemory;
import org.jspecify.annotations.Nullable;

/** Puts a snapshot together: memory, firmware tables, registers. */
final class SnapshotReader {

  private static final long RAW_IMAGE_MULTIPLE = PhysicalMemory.FRAME_BYTES;

  private final Path path;
  private final @Nullable Path registerPath;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> firmwareFindings = new ArrayList<>();

  SnapshotReader(Path path, @Nullable Path registerPath) {
    this.path = path;
    this.registerPath = registerPath;
  }

  Evidence read() {
    try {
      if (!Files.exists(path)) {
        throw new Unreadable("There is no file or folder %s.", path);
      }
      Optional<Snapshot> texts = registerPath == null ? TextFiles.snapshot(path) : Optional.empty();
      if (texts.isPresent()) {
        return texts.get();
      }
      Path dump = Files.isDirectory(path) ? SnapshotFolder.dump(path) : path;
      return snapshot(FileBytes.open(dump));
    } catch (Unreadable e) {
      return e.evidence();
    }
  }

  /** A dump that is not in a file of its own; it must hold its registers. */
  static Snapshot read(FileBytes file) throws Unreadable {
    return new SnapshotReader(file.path(), null).snapshot(file);
  }

  private Snapshot snapshot(FileBytes file) throws Unreadable {
    Path dump = file.path();
    MemoryPieces pieces = pieces(file);
    if (pieces.overlap()) {
      warnings.add("Parts of the dump overlap; where they do, the later one counts.");
    }
    PhysicalMemory whole = pieces.memory();
    Optional<AcpiTables> acpi = AcpiTables.find(whole);
    Optional<Dmar> dmar = acpi.flatMap(tables -> tables.bytes(whole, "DMAR")).flatMap(this::dmar);
    var finder = new UnitFinder(pieces, dmar, dump, registerPath);
    List<SnapshotUnit> units = finder.units();
    warnings.addAll(finder.warnings());
    MemoryPieces ram = finder.ram();
    return new Snapshot(
        dump.toString(),
        ram.memory(),
        units,
        0,
        acpi,
        dmar,
        ram.ramBytes(),
        ram,
        FolderNames.of(dump),
        List.of(),
        warnings,
        firmwareFindings);
  }

  private MemoryPieces pieces(FileBytes file) throws Unreadable {
    String magic = file.magic(8);
    if (magic.startsWith(ElfCore.MAGIC)) {
      return new MemoryPieces(new ElfCore(file).pieces());
    }
    if (magic.startsWith(LimeImage.MAGIC)) {
      return new MemoryPieces(new LimeImage(file).pieces());
    }
    if (magic.startsWith(CompressedDump.MAGIC) || magic.startsWith(CompressedDump.OLD_MAGIC)) {
      var dump = new CompressedDump(file);
      warnings.addAll(dump.warnings());
      return new MemoryPieces(dump.pieces());
    }
    if (file.magic(FlattenedDump.MAGIC.length()).equals(FlattenedDump.MAGIC)) {
      return pieces(FlattenedDump.rearrange(file));
    }
    if (registerPath != null || SnapshotFolder.isRawImage(file.path())) {
      return raw(file);
    }
    throw new Unreadable("%s %s", file.path(), UnknownFile.describe(file.head(), file.size()));
  }

  private static MemoryPieces raw(FileBytes file) throws Unreadable {
    if (file.size() % RAW_IMAGE_MULTIPLE != 0) {
      throw new Unreadable(
          "%s has %d bytes, which is not a whole number of 4 KiB pages: a raw memory image holds"
              + " all RAM from address 0.",
          file.path(), file.size());
    }
    MemoryPieces.checkRange(file.path().toString(), 0, file.size());
    return new MemoryPieces(List.of(new Piece(0, file.size(), file.bytes())));
  }

  private Optional<Dmar> dmar(byte[] table) {
    DmarReading reading = Dmar.parse(table);
    firmwareFindings.addAll(reading.findings());
    return reading.table();
  }
}
