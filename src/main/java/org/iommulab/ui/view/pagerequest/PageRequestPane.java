package org.iommulab.ui.view.pagerequest;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Parent;
import org.iommulab.ui.Hex;
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
import org.iommulab.vtd.layout.PageRequest;

/** Pages that devices have asked for, slot by slot. */
public final class PageRequestPane extends ViewPane {

  private final Selection selection;
  private final RowTable<PageRequestRow> table;
  private final Feed<PageRequestPicture> feed;
  private final EmptyNote noQueue;
  private final EmptyNote noRequest;
  private boolean showing;

  @Inject
  public PageRequestPane(LabModel lab, Selection selection, Texts texts) {
    super("page-requests", Place.BOTTOM, 44, texts);
    this.selection = selection;
    table = new RowTable<>("page-requests", texts);
    noQueue = new EmptyNote(texts, "view.page-requests.empty");
    noRequest = new EmptyNote(texts, "view.page-requests.none");
    feed = feed(lab, () -> PageRequestQuery::answer, this::show);
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(PageRequestPicture picture) {
    showing = true;
    table.getItems().setAll(picture.rows());
    showing = false;
    table.setPlaceholder(picture.exists() ? noRequest : noQueue);
    setFigures(
        picture.exists()
            ? Phrase.of(
                "view.page-requests.figures",
                picture.head(),
                picture.tail(),
                picture.waiting(),
                picture.slots())
            : Phrase.NONE);
    var marks = new ArrayList<Mark>();
    if (picture.waiting() > 0) {
      marks.add(new Mark(Role.WARN, "", Phrase.literal(Integer.toString(picture.waiting()))));
    }
    if (picture.overflow()) {
      marks.add(Mark.bad(Phrase.of("view.page-requests.overflow")));
    }
    setMarks(marks);
  }

  @Override
  protected Parent build() {
    table
        .column("slot", 56, row -> Figure.of(Integer.toString(row.slot())))
        .column("state", 150, PageRequestPane::state)
        .column("device", 128, row -> Figure.of((row.source() + " " + row.name()).strip()))
        .column("pasid", 72, PageRequestPane::pasid)
        .column("wants", 110, PageRequestPane::wants)
        .column("address", 150, row -> Figure.of(Hex.group(row.page())))
        .column("group", 200, PageRequestPane::group)
        .column("raw", 330, PageRequestPane::raw)
        .rowIds(row -> Integer.toString(row.slot()))
        .faintWhen(row -> !row.waiting())
        .keepsInSight(3)
        .emptyText("view.page-requests.empty");
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (_, _, row) -> {
              if (row != null && !showing) {
                selection.select(
                    new Selected.Entry(
                        row.address(), PageRequest.LAYOUT, "PRQ [" + row.slot() + "]"));
              }
            });
    return table;
  }

  private static Figure state(PageRequestRow row) {
    return row.waiting()
        ? Figure.tag(Mark.caution(Phrase.of("view.page-requests.waiting")))
        : Figure.muted(Phrase.of("view.page-requests.done"));
  }

  private static Figure pasid(PageRequestRow row) {
    return row.pasid() < 0 ? Figure.NONE : Figure.of(Hex.plain(row.pasid()));
  }

  private static Figure wants(PageRequestRow row) {
    return row.wants().isEmpty()
        ? Figure.muted(Phrase.of("view.page-requests.stop"))
        : Figure.of(row.wants());
  }

  private static Figure group(PageRequestRow row) {
    Figure group = Figure.of(Integer.toString(row.group()));
    return row.last() ? group.with(Mark.muted(Phrase.of("view.page-requests.last"))) : group;
  }

  private static Figure raw(PageRequestRow row) {
    List<Long> quadwords = row.quadwords();
    return Figure.of(Hex.qword(quadwords.get(1)) + " " + Hex.qword(quadwords.get(0)), Role.MUTED);
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
