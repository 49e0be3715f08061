package org.iommulab.ui.view.pagerequest;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.ui.Hex;
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
import org.iommulab.vtd.layout.PageRequest;

/** Pages that devices have asked for, slot by slot. */
public final class PageRequestPane extends RowPane<PageRequestPicture, PageRequestRow> {

  @Inject
  public PageRequestPane(LabModel lab, Selection selection, Texts texts) {
    super("page-requests", 44, lab, selection, texts, PageRequestQuery::answer);
  }

  @Override
  protected Phrase figures(PageRequestPicture picture) {
    return Phrase.of(
        "view.page-requests.figures",
        picture.head(),
        picture.tail(),
        picture.waiting(),
        picture.slots());
  }

  @Override
  protected List<Mark> marks(PageRequestPicture picture) {
    var marks = new ArrayList<Mark>();
    if (picture.waiting() > 0) {
      marks.add(new Mark(Role.WARN, "", Phrase.literal(Integer.toString(picture.waiting()))));
    }
    if (picture.overflow()) {
      marks.add(Mark.bad(Phrase.of("view.page-requests.overflow")));
    }
    return marks;
  }

  @Override
  protected void furnish(RowTable<PageRequestRow> rows) {
    rows.column("slot", 56, row -> Figure.of(Integer.toString(row.slot())))
        .column("state", 150, PageRequestPane::state)
        .column("device", 128, row -> Figure.of((row.source() + " " + row.name()).strip()))
        .column("pasid", 72, PageRequestPane::pasid)
        .column("wants", 110, PageRequestPane::wants)
        .column("address", 150, row -> Figure.of(Hex.group(row.page())))
        .column("group", 200, PageRequestPane::group)
        .column("raw", 330, PageRequestPane::raw)
        .rowIds(row -> Integer.toString(row.slot()))
        .faintWhen(row -> !row.waiting())
        .keepsInSight(3);
  }

  @Override
  protected Selected selects(PageRequestRow row) {
    return new Selected.Entry(row.address(), PageRequest.LAYOUT, "PRQ [" + row.slot() + "]");
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
}
