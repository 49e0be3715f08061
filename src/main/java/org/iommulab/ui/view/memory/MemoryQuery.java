package org.iommulab.ui.view.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iommulab.lab.LabView;
import org.iommulab.memory.Changes;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Selected;
import org.iommulab.ui.SelectedEntry;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.lookup.EntryPlace;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.tables.PageTable;
import org.iommulab.vtd.tables.TableBrowser;
import org.iommulab.vtd.tables.TableRow;

/** Reads one frame and finds out what it is used for; runs on the laboratory's thread. */
final class MemoryQuery {

  private static final int QUADWORDS_PER_ROW = 4;

  private static final Selected.Bytes NOTHING = new Selected.Bytes(0, 0);

  private final LabView view;
  private final TableBrowser tables;
  private final long frame;
  private final Changes changed;

  private MemoryQuery(LabView view, long frame) {
    this.view = view;
    this.tables = view.tables();
    this.frame = frame;
    changed = view.lastChanges();
  }

  /**
   * A frame of memory, with the selected structure framed.
   *
   * @param wanted an address in it, negative for the root table's
   * @param follow whether the selected structure's frame is meant instead, if it is in memory
   */
  static MemoryPicture answer(LabView view, long wanted, boolean follow, Selected selected) {
    Selected.Bytes chosen = chosen(view, selected);
    long address =
        follow && chosen.length() > 0
            ? chosen.address()
            : wanted < 0 ? view.tables().rootTable().orElse(0L) : wanted;
    return new MemoryQuery(view, address & -PhysicalMemory.FRAME_BYTES)
        .picture()
        .at(address, chosen);
  }

  private static Selected.Bytes chosen(LabView view, Selected selected) {
    return selected instanceof Selected.Bytes bytes
        ? bytes
        : SelectedEntry.of(selected, view)
            .map(entry -> new Selected.Bytes(entry.address(), entry.layout().quadwords() * 8L))
            .orElse(NOTHING);
  }

  private MemoryPicture picture() {
    if (!view.memory().isRam(frame, PhysicalMemory.FRAME_BYTES)) {
      return new MemoryPicture(frame, frame, Phrase.of("view.memory.nothing"), List.of());
    }
    Optional<EntryPlace> place = EntryPlace.of(tables, frame);
    if (place.isPresent()) {
      return pageTable(place.get());
    }
    if (tables.rootTable().filter(root -> root == frame).isPresent()) {
      return entries(Phrase.of("view.memory.root"));
    }
    for (var context : tables.contexts()) {
      if ((context.address() & -PhysicalMemory.FRAME_BYTES) == frame) {
        String bus = Hex.plain(context.source().bus(), 2);
        return entries(Phrase.of("view.memory.context", bus));
      }
    }
    boolean queue =
        tables
            .queue()
            .filter(found -> frame >= found.address() && frame < found.address() + found.bytes())
            .isPresent();
    Phrase purpose = Phrase.of(queue ? "view.memory.queue" : "view.memory.data");
    return new MemoryPicture(frame, frame, purpose, rows((_, _) -> MemoryRow.Paint.DATA));
  }

  private MemoryPicture pageTable(EntryPlace place) {
    PageTable tree = tables.table(place.key());
    String domains =
        String.join(
            ", ",
            DomainTree.all(tables).stream()
                .filter(found -> found.key().equals(place.key()))
                .map(found -> Hex.plain(found.domain(), 2))
                .toList());
    Painter painter =
        (index, _) -> {
          TableRow.Kind kind = tree.row(place.table(), index).kind();
          return kind == TableRow.Kind.LEAF ? MemoryRow.Paint.PAGE : MemoryRow.Paint.POINTER;
        };
    return new MemoryPicture(
        frame,
        frame,
        Phrase.of(
            "view.memory.table", place.table().name(), domains, Hex.group(place.table().iova())),
        rows(painter));
  }

  private MemoryPicture entries(Phrase purpose) {
    return new MemoryPicture(frame, frame, purpose, rows((_, _) -> MemoryRow.Paint.POINTER));
  }

  /** Says what a quadword that is not zero is. */
  private interface Painter {
    MemoryRow.Paint paint(int index, long quadword);
  }

  private List<MemoryRow> rows(Painter painter) {
    var rows = new ArrayList<MemoryRow>();
    for (int first = 0; first < PageTable.ENTRIES; first += QUADWORDS_PER_ROW) {
      var quadwords = new ArrayList<Long>();
      var paints = new ArrayList<MemoryRow.Paint>();
      for (int i = first; i < first + QUADWORDS_PER_ROW; i++) {
        long address = frame + i * 8L;
        long quadword = view.memory().readQword(address);
        quadwords.add(quadword);
        paints.add(
            changed.any(address, Long.BYTES)
                ? MemoryRow.Paint.CHANGED
                : quadword == 0 ? MemoryRow.Paint.ZERO : painter.paint(i, quadword));
      }
      rows.add(new MemoryRow(frame + first * 8L, quadwords, paints));
    }
    return rows;
  }
}
