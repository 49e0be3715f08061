package org.iommulab.ui.view.kernel;

import javafx.scene.Parent;
import javafx.scene.layout.BorderPane;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;
import org.iommulab.ui.VirtualTime;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;

/** Ranges that were unmapped and wait for a flush: as bars over virtual time, and as a list. */
final class FlushPart implements DetailView {

  private final RowTable<Detail.Waiting> table;
  private final TimeLine line;
  private final BorderPane pane = new BorderPane();
  private final EmptyNote strict;
  private final EmptyNote closed;
  private long nowNs;

  FlushPart(Texts texts) {
    line = new TimeLine(texts);
    strict = new EmptyNote(texts, "view.kernel.flush.strict");
    closed = new EmptyNote(texts, "view.kernel.flush.closed");
    table =
        new RowTable<Detail.Waiting>("kernel-flush", texts)
            .column(
                "range",
                260,
                range -> Figure.of(Hex.range(range.iova(), range.iova() + range.size() - 1)))
            .column("size", 80, range -> Figure.of(Hex.size(range.size())))
            .column("domain", 70, range -> Figure.of(range.domain()))
            .column("cpu", 50, range -> Figure.of(Integer.toString(range.cpu())))
            .column("since", 110, range -> Figure.of(VirtualTime.words(range.sinceNs())))
            .column("age", 110, range -> Figure.of(VirtualTime.words(nowNs - range.sinceNs())))
            .column("state", 230, FlushPart::state)
            .rowIds(range -> Long.toHexString(range.iova()));
    pane.setTop(line);
    pane.setCenter(table);
  }

  private static Figure state(Detail.Waiting range) {
    return Figure.tag(
        range.flushed()
            ? Mark.good(Phrase.of("view.kernel.flushed"))
            : Mark.bad(Phrase.of("view.kernel.reachable")));
  }

  @Override
  public Parent node() {
    return pane;
  }

  @Override
  public void show(Detail detail) {
    if (detail instanceof Detail.Flush flush) {
      nowNs = flush.nowNs();
      table.setPlaceholder(flush.lazy() ? closed : strict);
      table.getItems().setAll(flush.waiting());
      line.show(flush);
      line.setVisible(!flush.waiting().isEmpty());
      line.setManaged(line.isVisible());
    }
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
