package org.iommulab.evidence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.Mode;
import org.iommulab.vtd.tables.RegisterValues;
import org.iommulab.vtd.tables.TableBrowser;
import org.jspecify.annotations.Nullable;

/**
 * Finds the units of a dump: the DMAR table says where their registers are, which are then looked
 * for in the dump, in files beside it, and at last by searching for root tables.
 */
final class UnitFinder {

  private static final long USUAL_BASE = 0xFED9_0000L;
  private static final int MOST_UNITS = 64;
  private static final int INTERRUPT_TABLE_SIZE = 15;
  private static final int MOST_NAMED = 8;
  private static final double WITHOUT_OTHER_SIGN = 0.9;

  private final MemoryPieces pieces;
  private final Path dump;
  private final @Nullable Path registerPath;
  private final List<Place> places;
  private final List<String> warnings = new ArrayList<>();
  private MemoryPieces ram;

  /** Where the DMAR table says that a unit is. */
  private record Place(int index, long base, int segment) {}

  UnitFinder(MemoryPieces pieces, Optional<Dmar> dmar, Path dump, @Nullable Path registerPath) {
    this.pieces = pieces;
    this.ram = pieces;
    this.dump = dump;
    this.registerPath = registerPath;
    this.places = dmar.map(UnitFinder::places).orElse(List.of());
  }

  private static List<Place> places(Dmar dmar) {
    var places = new ArrayList<Place>();
    for (DmarStructure.Drhd unit : dmar.units()) {
      boolean usable = unit.base() > 0 && unit.base() % PhysicalMemory.FRAME_BYTES == 0;
      boolean known = places.stream().anyMatch(place -> place.base == unit.base());
      if (usable && !known && places.size() < MOST_UNITS) {
        places.add(new Place(places.size(), unit.base(), unit.segment()));
      }
    }
    return places;
  }

  /** What was odd, each one sentence. */
  List<String> warnings() {
    return warnings;
  }

  /** The memory without the pages that are registers. */
  MemoryPieces ram() {
    return ram;
  }

  List<SnapshotUnit> units() throws Unreadable {
    List<SnapshotUnit> units = registerPath == null ? inside() : List.of();
    if (units.isEmpty()) {
      units = ofFiles(files());
    }
    if (units.isEmpty()) {
      return search();
    }
    checkRoots(units);
    missing(units);
    return units;
  }

  /** Registers as pages of the dump itself. */
  private List<SnapshotUnit> inside() {
    List<Place> looked = places.isEmpty() ? List.of(new Place(0, USUAL_BASE, 0)) : places;
    var units = new ArrayList<SnapshotUnit>();
    for (Place place : looked) {
      window(place.base)
          .ifPresent(
              values -> {
                units.add(
                    SnapshotUnit.known(
                        SnapshotUnit.name(place.index),
                        Optional.of(place.base),
                        place.segment,
                        values));
                ram = ram.without(place.base);
              });
    }
    return units;
  }

  private Optional<RegisterValues> window(long base) {
    Optional<Piece> piece = pieces.at(base);
    var page = new long[PhysicalMemory.FRAME_QUADWORDS];
    boolean there =
        piece.isPresent()
            && piece.get().store().held() - (base - piece.get().start())
                >= PhysicalMemory.FRAME_BYTES
            && piece.get().store().page(base - piece.get().start(), page);
    return there
        ? Optional.of(RegisterFile.of(page)).filter(RegisterFile::looksReal)
        : Optional.empty();
  }

  private List<RegisterFile> files() throws Unreadable {
    if (registerPath != null) {
      return RegisterFile.open(registerPath);
    }
    var files = new ArrayList<RegisterFile>();
    for (Path file : SnapshotFolder.registersBeside(dump)) {
      files.addAll(RegisterFile.open(file));
    }
    return files;
  }

  /** A file that does not say whose registers it has counts for the first unit without any. */
  private List<SnapshotUnit> ofFiles(List<RegisterFile> files) {
    Map<Integer, SnapshotUnit> units = new LinkedHashMap<>();
    for (RegisterFile file : files) {
      Optional<Place> place =
          places.stream()
              .filter(
                  each ->
                      file.base().isPresent()
                          ? file.base().get() == each.base
                          : !units.containsKey(each.index))
              .findFirst();
      int index = place.map(Place::index).orElse(places.size() + units.size());
      units.putIfAbsent(
          index,
          SnapshotUnit.known(
              file.unit().orElse(SnapshotUnit.name(place.map(Place::index).orElse(units.size()))),
              file.base().or(() -> place.map(Place::base)),
              place.map(Place::segment).orElse(0),
              file.values()));
    }
    return units.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .toList();
  }

  private void missing(List<SnapshotUnit> units) {
    for (Place place : places) {
      boolean there = units.stream().anyMatch(unit -> unit.base().equals(Optional.of(place.base)));
      if (!there) {
        warnings.add(
            String.format(
                Locale.ROOT,
                "The registers of the unit at 0x%x, which the DMAR table lists, are not there; its"
                    + " tables are left out.",
                place.base));
      }
    }
  }

  private void checkRoots(List<SnapshotUnit> units) throws Unreadable {
    PhysicalMemory memory = ram.memory();
    for (SnapshotUnit unit : units) {
      var tables = new TableBrowser(memory, unit.registers());
      Optional<Long> root = tables.rootTable();
      boolean lost =
          tables.translationEnabled()
              && root.isPresent()
              && !memory.isRam(root.get(), PhysicalMemory.FRAME_BYTES);
      if (lost && units.size() == 1) {
        throw new Unreadable(
            "The root table at physical 0x%x, where RTADDR points, is not in %s: dump all memory,"
                + " or give the registers of the same moment.",
            root.get(), dump);
      }
      if (lost) {
        warnings.add(
            String.format(
                Locale.ROOT,
                "The root table of %s at physical 0x%x is not in the dump.",
                unit.name(),
                root.get()));
      }
    }
  }

  // ---- no registers anywhere -------------------------------------------------------------------

  private List<SnapshotUnit> search() throws Unreadable {
    RootSearch.Outcome outcome = RootSearch.in(pieces);
    List<FoundRoot> chosen = chosen(outcome);
    if (chosen.isEmpty()) {
      long base = places.isEmpty() ? USUAL_BASE : places.getFirst().base;
      throw new Unreadable(
          "No registers for %s: there is no page of them at physical 0x%x in the dump, no file %s"
              + " beside it, and no page has the form of a root table; dump them with QEMU's"
              + " \"pmemsave 0x%x 4096 vtd-registers.bin\".",
          dump, base, String.join(" or ", SnapshotFolder.REGISTER_NAMES), base);
    }
    var units = new ArrayList<SnapshotUnit>();
    for (FoundRoot root : chosen) {
      units.add(unit(root, outcome.noteOf(root), units.size(), chosen.size()));
    }
    units.sort(
        Comparator.<SnapshotUnit>comparingInt(unit -> unit.name().length())
            .thenComparing(SnapshotUnit::name));
    for (SnapshotUnit unit : units) {
      unit.found().ifPresent(root -> warnings.add(root.sentence(unit.name())));
    }
    others(outcome, chosen);
    return units;
  }

  /**
   * As many as the DMAR table or the driver knows units; otherwise those that are hardly chance.
   */
  private List<FoundRoot> chosen(RootSearch.Outcome outcome) {
    List<FoundRoot> named = outcome.roots().stream().filter(FoundRoot::byDriver).toList();
    if (!named.isEmpty()) {
      return named.stream().limit(MOST_UNITS).toList();
    }
    if (!places.isEmpty()) {
      return outcome.roots().stream().limit(places.size()).toList();
    }
    List<FoundRoot> sure =
        outcome.roots().stream()
            .filter(root -> root.certainty() >= WITHOUT_OTHER_SIGN)
            .limit(MOST_UNITS)
            .toList();
    return sure.isEmpty() ? outcome.roots().stream().limit(1).toList() : sure;
  }

  private SnapshotUnit unit(FoundRoot root, Optional<DriverNotes> note, int index, int count) {
    var window = RegisterWindow.of(root.address(), root.mode() == Mode.SCALABLE);
    if (note.isPresent()) {
      noted(window, root, note.get());
    } else {
      window.withCapabilitiesFor(new TableBrowser(pieces.memory(), window.values()));
    }
    Optional<Place> place =
        places.stream()
            .filter(each -> note.map(found -> found.base() == each.base).orElse(count == 1))
            .findFirst();
    return new SnapshotUnit(
        note.map(DriverNotes::name).orElse(SnapshotUnit.name(index)),
        note.map(DriverNotes::base).or(() -> place.map(Place::base)),
        note.map(DriverNotes::segment).or(() -> place.map(Place::segment)).orElse(0),
        window.values(),
        true,
        Optional.of(root));
  }

  /** What the driver's notes say about the registers. */
  private void noted(RegisterWindow window, FoundRoot root, DriverNotes note) {
    PhysicalMemory memory = pieces.memory();
    window.put(RegisterLayouts.CAP, note.cap()).put(RegisterLayouts.ECAP, note.ecap());
    note.interruptTable(root.address(), memory)
        .ifPresent(
            table ->
                window
                    .status("IRES", "IRTPS")
                    .put(RegisterLayouts.IRTA, table | INTERRUPT_TABLE_SIZE));
    // In scalable mode the driver uses descriptors of 32 bytes.
    boolean wide = ExtendedCapabilityLayout.SMTS.isSet(note.ecap());
    long size = wide ? RegisterLayouts.IQA.field("DW").mask() | 1 : 0;
    note.queue(root.address(), memory)
        .ifPresent(
            queue -> {
              long next = (long) queue.next() * (wide ? 32 : 16);
              window
                  .status("QIES")
                  .put(RegisterLayouts.IQA, queue.address() | size)
                  .put(RegisterLayouts.IQH, next)
                  .put(RegisterLayouts.IQT, next);
            });
  }

  private void others(RootSearch.Outcome outcome, List<FoundRoot> chosen) {
    List<FoundRoot> rest = outcome.roots().stream().filter(root -> !chosen.contains(root)).toList();
    if (!rest.isEmpty()) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%d other pages have the form of a root table too: %s%s.",
              rest.size(),
              String.join(
                  ", ",
                  rest.stream()
                      .limit(MOST_NAMED)
                      .map(
                          root ->
                              String.format(
                                  Locale.ROOT,
                                  "0x%x (%d %%)",
                                  root.address(),
                                  Math.round(100 * root.certainty())))
                      .toList()),
              rest.size() > MOST_NAMED ? ", ..." : ""));
    }
  }
}
