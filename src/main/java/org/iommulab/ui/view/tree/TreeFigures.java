package org.iommulab.ui.view.tree;

import java.util.Objects;
import java.util.StringJoiner;
import org.iommulab.memory.Page;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Role;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableRow;

/** The cells of a row of the tree. */
final class TreeFigures {

  private static final long PS = 1L << 7;

  private TreeFigures() {}

  /** {@code PD [002]}, {@code PT [000 … 1FF]}, {@code 511 not present}. */
  static Figure entry(TreeRow row) {
    TableRow entry = row.entry();
    if (entry == null) {
      return Figure.muted(
          row.absent() > 0
              ? Phrase.of("view.tree.entries", row.absent())
              : Phrase.of("view.tree.more", row.more()));
    }
    return Figure.of(title(row));
  }

  /** {@code PD [002]}. */
  static String title(TreeRow row) {
    TableRow entry = Objects.requireNonNull(row.entry());
    String index = Hex.plain(entry.index(), 3);
    String last = entry.count() > 1 ? "…" + Hex.plain(entry.lastIndex(), 3) : "";
    return row.table() + " [" + index + last + "]";
  }

  /** First input address. */
  static Figure iova(TreeRow row) {
    TableRow entry = row.entry();
    if (entry == null) {
      return row.absent() > 0 ? Figure.muted(Phrase.of("view.tree.absent")) : Figure.NONE;
    }
    return Figure.of(Hex.group(entry.iova()));
  }

  /** {@code PDPT 10A001}, {@code frame 180000}. */
  static Figure target(TreeRow row) {
    TableRow entry = row.entry();
    if (entry == null) {
      return row.changes() == 0
          ? Figure.NONE
          : Figure.tag(Mark.changed(Phrase.of("view.tree.cleared", row.changes())));
    }
    String frame = Hex.plain(Page.number(entry.target()));
    return switch (entry.kind()) {
      case TABLE -> Figure.of(entry.child().name() + " " + frame);
      case LEAF -> Figure.of(Phrase.of("view.tree.frame", frame));
      case MISSING_TABLE -> Figure.of(Phrase.of("view.tree.missing", frame), Role.BAD);
      case BROKEN -> Figure.of(Phrase.of("view.tree.broken"), Role.BAD);
      case ABSENT -> Figure.NONE;
    };
  }

  /** {@code 2 MiB}, {@code 512 × 4 KiB}. */
  static Figure size(TreeRow row) {
    TableRow entry = row.entry();
    if (entry == null || entry.kind() != TableRow.Kind.LEAF) {
      return Figure.NONE;
    }
    String page = Hex.size(entry.size() / entry.count());
    return Figure.of(entry.count() > 1 ? entry.count() + " × " + page : page);
  }

  /** {@code R W SNP PS}. */
  static Figure flags(TreeRow row, TableKey.Stage stage) {
    TableRow entry = row.entry();
    if (entry == null) {
      return Figure.NONE;
    }
    var flags = new StringJoiner(" ");
    add(flags, stage == TableKey.Stage.FIRST, "P");
    add(flags, entry.own().read(), "R");
    add(flags, entry.own().write(), "W");
    add(flags, entry.snoop(), "SNP");
    boolean leaf = entry.kind() == TableRow.Kind.LEAF;
    add(flags, leaf && entry.level() > 1 && (entry.raw() & PS) != 0, "PS");
    add(flags, entry.accessed(), "A");
    add(flags, entry.dirty(), "D");
    boolean narrowed = !entry.effective().equals(entry.own());
    return Figure.of(flags.toString(), narrowed ? Role.WARN : null);
  }

  private static void add(StringJoiner flags, boolean set, String name) {
    if (set) {
      flags.add(name);
    }
  }

  /** The quadword itself. */
  static Figure raw(TreeRow row) {
    TableRow entry = row.entry();
    return entry == null ? Figure.NONE : Figure.of(Hex.plain(entry.raw()));
  }
}
