package org.iommulab.ui.view.interrupt;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Parent;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;

/** The interrupt-remapping table, entry by entry. */
public final class InterruptPane extends ViewPane {

  private final Selection selection;
  private final RowTable<InterruptRow> table;
  private final Feed<InterruptPicture> feed;
  private final EmptyNote noTable;
  private final EmptyNote noEntry;
  private boolean showing;

  @Inject
  public InterruptPane(LabModel lab, Selection selection, Texts texts) {
    super("interrupts", Place.BOTTOM, 46, texts);
    this.selection = selection;
    table = new RowTable<>("interrupts", texts);
    noTable = new EmptyNote(texts, "view.interrupts.empty");
    noEntry = new EmptyNote(texts, "view.interrupts.none");
    feed = feed(lab, () -> InterruptQuery::answer, this::show);
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(InterruptPicture picture) {
    showing = true;
    table.getItems().setAll(picture.rows());
    showing = false;
    table.setPlaceholder(picture.exists() ? noEntry : noTable);
    if (!picture.exists()) {
      setFigures(Phrase.NONE);
      setMarks(List.of());
      return;
    }
    var parts = new ArrayList<Phrase>();
    parts.add(Phrase.of("view.interrupts.figures", picture.used(), picture.entries()));
    if (picture.extended()) {
      parts.add(Phrase.of("view.interrupts.extended"));
    }
    setFigures(Phrase.join(parts, " · "));
    setMarks(picture.enabled() ? List.of() : List.of(Mark.muted(Phrase.of("view.interrupts.off"))));
  }

  @Override
  protected Parent build() {
    table
        .column("index", 64, row -> Figure.of(row.key().startsWith("pd-") ? "" : row.key()))
        .column("state", 150, InterruptRow::state)
        .column("vector", 64, row -> Figure.of(row.vector()))
        .column("target", 160, InterruptRow::target)
        .column("delivery", 130, row -> Figure.of(row.delivery()))
        .column("source", 210, InterruptRow::source)
        .column("raw", 330, row -> Figure.of(row.raw(), Role.MUTED))
        .rowIds(InterruptRow::key)
        .changedWhen(InterruptRow::changed)
        .keepsInSight(1)
        .emptyText("view.interrupts.empty");
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (_, _, row) -> {
              if (row != null && !showing) {
                selection.select(new Selected.Entry(row.address(), row.layout(), row.title()));
              }
            });
    return table;
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
