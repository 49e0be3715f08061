package org.iommulab.ui.view.faults;

import com.google.inject.Inject;
import java.util.List;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Parent;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.FaultWords;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.vtd.layout.FaultReason;

/** The fault log of the unit. Its number is on the tab even while another tab is in front. */
public final class FaultsPane extends ViewPane {

  private final Selection selection;
  private final ObservableList<FaultRow> rows = FXCollections.observableArrayList();
  private final RowTable<FaultRow> table;
  private final Feed<FaultPicture> feed;
  private boolean showing;

  @Inject
  public FaultsPane(LabModel lab, Selection selection, Texts texts) {
    super("faults", Place.BOTTOM, 40, texts);
    this.selection = selection;
    table = new RowTable<>("faults", texts);
    feed = feed(lab, () -> FaultQuery::answer, this::show);
    // A few registers only, and the reader must see that there is a fault.
    feed.shown(true);
  }

  @Override
  public void shown(boolean shown) {}

  private void show(FaultPicture picture) {
    showing = true;
    rows.setAll(picture.rows());
    showing = false;
    int count = picture.rows().size();
    Phrase used = Phrase.of("view.faults.figures", count, picture.records());
    setFigures(
        picture.overflow()
            ? Phrase.join(List.of(used, Phrase.of("view.faults.overflow")), " · ")
            : used);
    setMarks(
        count == 0
            ? List.of()
            : List.of(new Mark(Role.BAD, "", Phrase.literal(Integer.toString(count)))));
  }

  @Override
  protected Parent build() {
    table
        .column("index", 48, row -> Figure.of(Integer.toString(row.record().index())))
        .column("device", 128, FaultsPane::device)
        .column("request", 72, FaultsPane::request)
        .column("address", 144, row -> Figure.of(Hex.group(row.record().address())))
        .column("reason", 268, FaultsPane::reason)
        .column("cause", 480, row -> Figure.of(cause(row)))
        .rowIds(row -> Integer.toString(row.record().index()))
        .emptyText("view.faults.empty");
    table.setItems(rows);
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (_, _, row) -> {
              if (row != null && !showing) {
                selection.select(new Selected.Fault(row.record().index()));
              }
            });
    return table;
  }

  private static Figure device(FaultRow row) {
    return Figure.of((row.record().source() + " " + row.device()).strip());
  }

  private static Figure request(FaultRow row) {
    return Figure.of(Phrase.of(row.record().read() ? "view.faults.read" : "view.faults.write"));
  }

  private static Figure reason(FaultRow row) {
    FaultReason reason = row.reason();
    return reason == null
        ? Figure.of(row.code(), Role.BAD)
        : Figure.of(
            Phrase.join(List.of(Phrase.literal(row.code()), FaultWords.text(reason)), " "),
            Role.BAD);
  }

  private static Phrase cause(FaultRow row) {
    FaultReason reason = row.reason();
    return reason == null ? Phrase.of("view.faults.unknown") : FaultWords.cause(reason);
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
