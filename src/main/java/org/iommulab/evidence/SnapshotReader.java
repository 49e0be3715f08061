package org.iommulab.evidence;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.acpi.AcpiTables;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarReading;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;
import org.jspecify.annotations.Nullable;

/** Puts a snapshot together: memory, firmware tables, registers. */
final class SnapshotReader {

  private static final long USUAL_BASE = 0xFED9_0000L;
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
      if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
        throw new Unreadable("%s is neither a file nor a folder: give a memory dump.", path);
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
    long base = dmar.flatMap(SnapshotReader::firstUnit).orElse(USUAL_BASE);
    Optional<RegisterFile> inside = inside(pieces, base);
    RegisterFile registers = inside.isPresent() ? inside.get() : beside(dump, base);
    MemoryPieces ram = inside.isPresent() ? pieces.without(base) : pieces;
    PhysicalMemory memory = ram.memory();
    checkRoot(dump, new TableBrowser(memory, registers.values()));
    Optional<Long> known = registers.base().or(() -> dmar.flatMap(SnapshotReader::firstUnit));
    return new Snapshot(
        dump.toString(),
        memory,
        registers.values(),
        known,
        acpi,
        dmar,
        ram.ramBytes(),
        ram,
        FolderNames.of(dump),
        warnings,
        firmwareFindings);
  }

  private static void checkRoot(Path dump, TableBrowser tables) throws Unreadable {
    long root = tables.rootTable().orElse(0L);
    if (tables.translationEnabled()
        && tables.rootTable().isPresent()
        && !tables.memory().isRam(root, PhysicalMemory.FRAME_BYTES)) {
      throw new Unreadable(
          "The root table at physical 0x%x, where RTADDR points, is not in %s: dump all memory, or"
              + " give the registers of the same moment.",
          root, dump);
    }
  }

  private MemoryPieces pieces(FileBytes file) throws Unreadable {
    String magic = file.magic(8);
    if (magic.startsWith(ElfCore.MAGIC)) {
      return new MemoryPieces(new ElfCore(file).pieces());
    }
    if (magic.startsWith(LimeImage.MAGIC)) {
      return new MemoryPieces(new LimeImage(file).pieces());
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

  private static Optional<Long> firstUnit(Dmar dmar) {
    return dmar.units().stream()
        .map(DmarStructure.Drhd::base)
        .filter(base -> base > 0 && base % PhysicalMemory.FRAME_BYTES == 0)
        .findFirst();
  }

  /** The registers as a page of the dump itself. */
  private static Optional<RegisterFile> inside(MemoryPieces pieces, long base) {
    return pieces
        .at(base)
        .filter(piece -> piece.bytes().byteSize() - (base - piece.start()) >= 4096)
        .map(
            piece ->
                RegisterValues.of(
                    piece
                        .bytes()
                        .asSlice(base - piece.start(), 4096)
                        .toArray(ValueLayout.JAVA_BYTE)))
        .filter(RegisterFile::looksReal)
        .map(values -> new RegisterFile(values, Optional.of(base)));
  }

  private RegisterFile beside(Path dump, long base) throws Unreadable {
    if (registerPath != null) {
      return RegisterFile.open(registerPath);
    }
    Optional<Path> file = SnapshotFolder.registersBeside(dump);
    if (file.isEmpty()) {
      throw new Unreadable(
          "No registers for %s: there is no page of them at physical 0x%x in the dump and no file"
              + " %s beside it; dump them with QEMU's \"pmemsave 0x%x 4096 vtd-registers.bin\".",
          dump, base, String.join(" or ", SnapshotFolder.REGISTER_NAMES), base);
    }
    return RegisterFile.open(file.get());
  }
}
