package org.iommulab.ui.view.interrupt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.bits.Field;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.memory.Changes;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Role;
import org.iommulab.ui.view.part.FieldWords;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.PostedDescriptor;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.tables.InterruptTable;
import org.iommulab.vtd.tables.IrteNode;

/** Reads and decodes the interrupt-remapping table; runs on the laboratory's thread. */
final class InterruptQuery {

  /** Most pending vectors named. */
  private static final int MOST_VECTORS = 8;

  private final LabView view;
  private final boolean extended;
  private final Changes changed;

  private InterruptQuery(LabView view, boolean extended) {
    this.view = view;
    this.extended = extended;
    this.changed = view.lastChanges();
  }

  static InterruptPicture answer(LabView view) {
    InterruptTable table = view.tables().interruptTable().orElse(null);
    if (table == null) {
      return InterruptPicture.NONE;
    }
    var query = new InterruptQuery(view, table.extended());
    List<IrteNode> entries = view.tables().irtes();
    var rows = new ArrayList<InterruptRow>();
    for (IrteNode entry : entries) {
      query.add(entry, rows);
    }
    boolean enabled = RegisterLayouts.GSTS.field("IRES").isSet(view.tables().registers().gsts());
    return new InterruptPicture(
        true, enabled, table.extended(), table.entries(), entries.size(), rows);
  }

  private void add(IrteNode entry, List<InterruptRow> rows) {
    boolean posted = Irte.IM.isSet(entry.lo()) && Irte.P.isSet(entry.lo());
    String index = Hex.plain(entry.index());
    rows.add(
        new InterruptRow(
            index.toLowerCase(Locale.ROOT),
            entry.address(),
            posted ? Irte.POSTED : Irte.REMAPPED,
            "IRTE [" + index + "]",
            state(entry, posted),
            Hex.plain(Irte.V.get(entry.lo()), 2),
            posted ? Figure.of(Hex.group(descriptor(entry))) : target(entry.lo()),
            posted ? Phrase.NONE : delivery(entry.lo()),
            source(entry),
            Hex.qword(entry.hi()) + " " + Hex.qword(entry.lo()),
            isChanged(entry.address(), Irte.BYTES)));
    if (posted) {
      rows.add(descriptor(index, descriptor(entry)));
    }
  }

  private static long descriptor(IrteNode entry) {
    long high = entry.hi() >>> 32 << 32;
    return Irte.PDA_LOW.get(entry.lo()) << 6 | high;
  }

  private static Figure state(IrteNode entry, boolean posted) {
    if (!Irte.P.isSet(entry.lo())) {
      return Figure.tag(new Mark(Role.MUTED, "∅", Phrase.of("view.interrupts.absent")));
    }
    Figure figure =
        Figure.tag(
            Mark.good(Phrase.of(posted ? "view.interrupts.posted" : "view.interrupts.remapped")));
    return Irte.FPD.isSet(entry.lo())
        ? figure.with(Mark.muted(Phrase.of("view.interrupts.quiet")))
        : figure;
  }

  /** Without extended mode only eight bits of the destination count. */
  private Figure target(long lo) {
    long destination = Irte.DST.get(lo);
    String key = Irte.DM.isSet(lo) ? "view.interrupts.logical" : "view.interrupts.apic";
    return Figure.of(Phrase.of(key, Hex.plain(extended ? destination : destination >>> 8 & 0xFF)));
  }

  private static Phrase delivery(long lo) {
    return Phrase.join(List.of(name(Irte.DLM, lo), name(Irte.TM, lo)), " · ");
  }

  private static Phrase name(Field field, long quadword) {
    Phrase named = FieldWords.reading(field, field.get(quadword));
    return named.isEmpty() ? Phrase.literal(Hex.plain(field.get(quadword))) : named;
  }

  private static Figure source(IrteNode entry) {
    long[] quadwords = {entry.lo(), entry.hi()};
    int id = (int) Irte.SID.get(quadwords);
    return switch ((int) Irte.SVT.get(quadwords)) {
      case 1 -> {
        String ignored = Irte.SQ.get(quadwords) == 0 ? "" : " / " + Irte.SQ.get(quadwords);
        yield Figure.of(new SourceId(id) + ignored);
      }
      case 2 ->
          Figure.of(
              Phrase.of("view.interrupts.buses", Hex.plain(id >>> 8, 2), Hex.plain(id & 0xFF, 2)));
      default -> Figure.muted(Phrase.of("view.interrupts.anybody"));
    };
  }

  private InterruptRow descriptor(String index, long address) {
    var quadwords = new long[8];
    for (int i = 0; i < quadwords.length; i++) {
      quadwords[i] = view.memory().readQword(address + i * 8L);
    }
    var said = new ArrayList<Phrase>();
    said.add(pending(quadwords));
    if (PostedDescriptor.ON.get(quadwords) != 0) {
      said.add(Phrase.of("view.interrupts.outstanding"));
    }
    if (PostedDescriptor.SN.get(quadwords) != 0) {
      said.add(Phrase.of("view.interrupts.suppressed"));
    }
    Phrase notifies =
        Phrase.of(
            "view.interrupts.notifies",
            Hex.plain(PostedDescriptor.NV.get(quadwords), 2),
            Hex.plain(PostedDescriptor.NDST.get(quadwords)));
    return new InterruptRow(
        "pd-" + index.toLowerCase(Locale.ROOT),
        address,
        PostedDescriptor.LAYOUT,
        "PD [" + index + "]",
        Figure.muted(Phrase.of("view.interrupts.descriptor")),
        "",
        Figure.of(notifies),
        Phrase.NONE,
        Figure.of(Phrase.join(said, " · ")),
        Hex.qword(quadwords[4]),
        isChanged(address, 64));
  }

  private static Phrase pending(long[] quadwords) {
    var vectors = new ArrayList<String>();
    for (int vector = 0; vector < 256 && vectors.size() <= MOST_VECTORS; vector++) {
      if ((quadwords[vector >>> 6] >>> (vector & 63) & 1) != 0) {
        vectors.add(vectors.size() == MOST_VECTORS ? "…" : Hex.plain(vector, 2));
      }
    }
    return vectors.isEmpty()
        ? Phrase.of("view.interrupts.nothing")
        : Phrase.of("view.interrupts.pending", String.join(" ", vectors));
  }

  private boolean isChanged(long address, int bytes) {
    return changed.any(address, bytes);
  }
}
