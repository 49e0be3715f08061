package org.iommulab.ui.view.interrupt;

import com.google.inject.Inject;
import java.util.List;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowPane;
import org.iommulab.ui.view.part.RowTable;

/** The interrupt-remapping table, entry by entry. */
public final class InterruptPane extends RowPane<InterruptPicture, InterruptRow> {

  @Inject
  public InterruptPane(LabModel lab, Selection selection, Texts texts) {
    super("interrupts", 46, lab, selection, texts, InterruptQuery::answer);
  }

  @Override
  protected Phrase figures(InterruptPicture picture) {
    Phrase used = Phrase.of("view.interrupts.figures", picture.used(), picture.entries());
    return picture.extended()
        ? Phrase.join(List.of(used, Phrase.of("view.interrupts.extended")), " · ")
        : used;
  }

  @Override
  protected List<Mark> marks(InterruptPicture picture) {
    return picture.enabled() || !picture.exists()
        ? List.of()
        : List.of(Mark.muted(Phrase.of("view.interrupts.off")));
  }

  @Override
  protected void furnish(RowTable<InterruptRow> rows) {
    rows.column("index", 64, row -> Figure.of(row.key().startsWith("pd-") ? "" : row.key()))
        .column("state", 150, InterruptRow::state)
        .column("vector", 64, row -> Figure.of(row.vector()))
        .column("target", 160, InterruptRow::target)
        .column("delivery", 130, row -> Figure.of(row.delivery()))
        .column("source", 210, InterruptRow::source)
        .column("raw", 330, row -> Figure.of(row.raw(), Role.MUTED))
        .rowIds(InterruptRow::key)
        .changedWhen(InterruptRow::changed)
        .keepsInSight(1);
  }

  @Override
  protected Selected selects(InterruptRow row) {
    return new Selected.Entry(row.address(), row.layout(), row.title());
  }
}
