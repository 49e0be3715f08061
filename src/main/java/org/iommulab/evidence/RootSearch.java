package org.iommulab.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.iommulab.vtd.tables.ContextNode;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.PasidNode;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableNode;
import org.iommulab.vtd.tables.TableRow;
import org.iommulab.vtd.tables.TableUse;

/**
 * Looks for root tables in a dump that has no registers, as every kdump: for pages that have the
 * form of one, and whose pointers lead to context entries, PASID entries and page tables that have
 * theirs. Each reserved bit that is zero and each pointer that leads to RAM counts; what a unit
 * with all capabilities would fault on counts four times against it.
 */
final class RootSearch {

  private static final Set<String> ALL_FEATURES = features();
  private static final int BUSES = 256;
  private static final int MOST_CANDIDATES = 4096;
  private static final int MOST_TREES = 64;
  private static final int MOST_ENTRIES = 4096;
  private static final int FOLLOWED = 4;
  private static final double WORTH_TELLING = 0.5;
  private static final double BY_DRIVER = 0.999;
  private static final int ODD_WEIGHT = 4;

  private final MemoryPieces pieces;
  private final PhysicalMemory memory;
  private final List<DriverNotes> notes = new ArrayList<>();
  private final List<FoundRoot> found = new ArrayList<>();
  private int looked;

  private RootSearch(MemoryPieces pieces) {
    this.pieces = pieces;
    this.memory = pieces.memory();
  }

  /** What a search came to: root tables, the best first, and what the driver noted about units. */
  record Outcome(List<FoundRoot> roots, List<DriverNotes> notes) {

    /** The driver's notes about the unit of a root table. */
    Optional<DriverNotes> noteOf(FoundRoot root) {
      return notes.stream().filter(note -> note.pointsTo(root.address())).findFirst();
    }
  }

  static Outcome in(MemoryPieces pieces) {
    var search = new RootSearch(pieces);
    search.scan();
    return search.outcome();
  }

  private static Set<String> features() {
    var names = new HashSet<String>();
    for (Layout layout : List.of(CapabilityLayout.LAYOUT, ExtendedCapabilityLayout.LAYOUT)) {
      for (Field field : layout.fields()) {
        names.add(field.name());
      }
    }
    return names;
  }

  private Outcome outcome() {
    List<FoundRoot> all = found.stream().map(this::withNotes).toList();
    List<FoundRoot> best =
        all.stream()
            .filter(root -> root.certainty() >= WORTH_TELLING)
            .sorted(
                Comparator.comparingDouble(FoundRoot::certainty)
                    .thenComparingInt(FoundRoot::contexts)
                    .reversed()
                    .thenComparingLong(FoundRoot::address))
            .toList();
    return new Outcome(best, List.copyOf(notes));
  }

  private FoundRoot withNotes(FoundRoot root) {
    boolean named = notes.stream().anyMatch(note -> note.pointsTo(root.address()));
    return named
        ? new FoundRoot(
            root.address(),
            root.mode(),
            Math.max(root.certainty(), BY_DRIVER),
            root.contexts(),
            root.trees(),
            root.odd(),
            true)
        : root;
  }

  private void scan() {
    var page = new long[PhysicalMemory.FRAME_QUADWORDS];
    for (Piece piece : pieces.pieces()) {
      long held = piece.store().held();
      for (long at = 0; at + PhysicalMemory.FRAME_BYTES <= held; at += PhysicalMemory.FRAME_BYTES) {
        if (piece.store().page(at, page)) {
          look(piece.start() + at, page);
        }
      }
    }
  }

  private void look(long address, long[] page) {
    DriverNotes.find(page, notes);
    boolean legacy = hasForm(page, false);
    boolean scalable = legacy || hasForm(page, true);
    if (scalable && looked < MOST_CANDIDATES && pointersLead(page)) {
      looked++;
      FoundRoot best = judge(address, true);
      if (legacy) {
        FoundRoot other = judge(address, false);
        best = other.certainty() > best.certainty() ? other : best;
      }
      if (best.certainty() > 0) {
        found.add(best);
      }
    }
  }

  /** Each quadword is zero or a present pointer; in legacy mode the upper ones are zero. */
  private static boolean hasForm(long[] page, boolean scalable) {
    Layout layout = scalable ? RootEntry.SCALABLE : RootEntry.LEGACY;
    long low = layout.reservedMask(0, ALL_FEATURES);
    long high = layout.reservedMask(1, ALL_FEATURES);
    boolean any = false;
    for (int bus = 0; bus < BUSES; bus++) {
      long lo = page[2 * bus];
      long hi = page[2 * bus + 1];
      if (!isPointer(lo, low) || !isPointer(hi, high)) {
        return false;
      }
      any |= (lo | hi) != 0;
    }
    return any;
  }

  private static boolean isPointer(long value, long reserved) {
    return value == 0 || RootEntry.P.isSet(value) && (value & reserved) == 0;
  }

  private boolean pointersLead(long[] page) {
    for (long entry : page) {
      if (entry != 0 && !isRam(RootEntry.CTP.get(entry))) {
        return false;
      }
    }
    return true;
  }

  private boolean isRam(long address) {
    return Long.compareUnsigned(address, PhysicalMemory.LIMIT) < 0
        && memory.isRam(address, PhysicalMemory.FRAME_BYTES);
  }

  // ---- how good a candidate is -----------------------------------------------------------------

  private FoundRoot judge(long address, boolean scalable) {
    var tables = new TableBrowser(memory, RegisterWindow.of(address, scalable).values());
    var tally = new Tally();
    List<ContextNode> contexts = tables.contexts();
    contexts.stream().limit(MOST_ENTRIES).forEach(context -> tally.entry(isGood(context)));
    if (tally.odd <= tally.good) {
      tables.pasids().stream().limit(MOST_ENTRIES).forEach(entry -> tally.pasid(isGood(entry)));
      trees(tables, tally);
    }
    return new FoundRoot(
        address, tables.mode(), tally.certainty(), tally.good, tally.trees, tally.odd, false);
  }

  /** Counts what is as it must be. */
  private static final class Tally {
    int good;
    int pasids;
    int trees;
    int odd;

    void entry(boolean isGood) {
      good += isGood ? 1 : 0;
      odd += isGood ? 0 : 1;
    }

    void pasid(boolean isGood) {
      pasids += isGood ? 1 : 0;
      odd += isGood ? 0 : 1;
    }

    void tree(boolean isGood) {
      trees += isGood ? 1 : 0;
      odd += isGood ? 0 : 1;
    }

    /** One good entry could be chance; each further one halves that. */
    double certainty() {
      double sum = good + pasids + 2.0 * trees;
      return good == 0 ? 0 : sum / (sum + ODD_WEIGHT * odd) * (1 - Math.pow(0.5, sum));
    }
  }

  private static boolean isClean(Layout layout, long... quadwords) {
    for (int i = 0; i < layout.quadwords(); i++) {
      if ((quadwords[i] & layout.reservedMask(i, ALL_FEATURES)) != 0) {
        return false;
      }
    }
    return true;
  }

  private boolean isGood(ContextNode context) {
    return switch (context) {
      case ContextNode.Legacy legacy ->
          legacy.present()
              && isClean(ContextEntry.LAYOUT, legacy.quadwords())
              && legacy.translationType() <= ContextEntry.PASS_THROUGH
              && isWidth(legacy.addressWidth())
              && (legacy.translationType() == ContextEntry.PASS_THROUGH
                  || isRam(legacy.tablePointer()));
      case ContextNode.Scalable scalable ->
          scalable.present()
              && isClean(ScalableContextEntry.LAYOUT, scalable.quadwords())
              && isRam(scalable.directory());
    };
  }

  private static boolean isWidth(int code) {
    return code >= 1 && code <= 3;
  }

  private boolean isGood(PasidNode entry) {
    if (!entry.present() || !isClean(PasidEntry.LAYOUT, entry.quadwords())) {
      return false;
    }
    boolean second = isWidth(entry.addressWidth()) && isRam(entry.secondStagePointer());
    boolean first = entry.firstStageMode() < 2 && isRam(entry.firstStagePointer());
    return switch (entry.translationType()) {
      case PasidEntry.FIRST_STAGE -> first;
      case PasidEntry.SECOND_STAGE -> second;
      case PasidEntry.NESTED -> second && entry.firstStageMode() < 2;
      case PasidEntry.PASS_THROUGH -> true;
      default -> false;
    };
  }

  private static void trees(TableBrowser tables, Tally tally) {
    var seen = new HashSet<TableKey>();
    for (TableUse use : tables.uses()) {
      if (!use.guestPointers() && seen.size() < MOST_TREES && seen.add(use.table())) {
        PageTable tree = tables.table(use.table());
        judge(tree, tree.root()).ifPresent(tally::tree);
      }
    }
  }

  /** Whether a table and some below it are as they must be; empty if nothing is in it. */
  private static Optional<Boolean> judge(PageTable tree, TableNode table) {
    boolean first = tree.key().stage() == TableKey.Stage.FIRST;
    List<TableRow> rows = tree.rows(table);
    int followed = 0;
    for (TableRow row : rows) {
      Layout layout =
          first
              ? FirstStageEntry.of(row.level(), row.raw())
              : SecondStageEntry.of(row.level(), row.raw());
      boolean leads = row.kind() == TableRow.Kind.TABLE || row.kind() == TableRow.Kind.LEAF;
      if (!leads || !isClean(layout, row.raw())) {
        return Optional.of(false);
      }
      if (row.kind() == TableRow.Kind.TABLE && followed < FOLLOWED) {
        followed++;
        if (!judge(tree, row.child()).orElse(true)) {
          return Optional.of(false);
        }
      }
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(true);
  }
}
