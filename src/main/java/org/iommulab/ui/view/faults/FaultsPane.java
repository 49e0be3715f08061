package org.iommulab.ui.view.faults;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/**
 * The faults of the unit, past ones faint. Its number is on the tab even while another tab is in
 * front.
 */
public final class FaultsPane extends ViewPane {

  private final Selection selection;
  private final ObservableList<FaultRow> rows = FXCollections.observableArrayList();
  private final RowTable<FaultRow> table;
  private final Feed<FaultPicture> feed;

  /** The record that is chosen, or -1; it stays until nothing is chosen. */
  private int chosen = -1;

  @Inject
  public FaultsPane(LabModel lab, Selection selection, Texts texts) {
    super("faults", Place.BOTTOM, 40, texts);
    this.selection = selection;
    table = new RowTable<>("faults", texts);
    selection.selectedProperty().subscribe(this::follow);
    feed = feed(lab, () -> FaultQuery::answer, this::show);
    // A few registers only, and the reader must see that there is a fault.
    feed.shown(true);
  }

  @Override
  public void shown(boolean shown) {}

  /** Another part of the window chose a record. */
  private void follow(Selected thing) {
    switch (thing) {
      case Selected.Fault fault -> chosen = fault.index();
      case Selected.Nothing _ -> chosen = -1;
      default -> {
        return;
      }
    }
    table.quietly(this::choose);
  }

  private void choose() {
    for (int i = 0; i < rows.size(); i++) {
      if (chosen >= 0 && rows.get(i).index() == chosen) {
        table.getSelectionModel().clearAndSelect(i);
        table.bring(i, i);
        return;
      }
    }
    table.getSelectionModel().clearSelection();
  }

  private void show(FaultPicture picture) {
    table.quietly(
        () -> {
          rows.setAll(picture.rows());
          choose();
        });
    int waiting = picture.waiting();
    int past = picture.rows().size() - waiting;
    var said = new ArrayList<Phrase>();
    said.add(Phrase.of("view.faults.figures", waiting, picture.records()));
    if (past > 0) {
      said.add(Phrase.of("view.faults.past", past));
    }
    if (picture.overflow()) {
      said.add(Phrase.of("view.faults.overflow"));
    }
    setFigures(Phrase.join(said, " · "));
    setMarks(
        waiting == 0
            ? List.of()
            : List.of(new Mark(Role.BAD, "", Phrase.of("view.faults.waiting", waiting))));
  }

  @Override
  protected Parent build() {
    table
        .column("device", 128, row -> Figure.of(row.device()))
        .column("request", 92, FaultsPane::request)
        .column("address", 144, row -> Figure.of(Hex.group(row.address())))
        .column("reason", 288, FaultsPane::reason)
        .column("state", 132, FaultsPane::state)
        .column("time", 88, row -> Figure.of(row.time()))
        .column("cause", 480, row -> Figure.of(cause(row)))
        .rowIds(FaultRow::key)
        .faintWhen(row -> row.state() != FaultRow.State.WAITING)
        .keepsInSight(3)
        .emptyText("view.faults.empty");
    table.setItems(rows);
    table.whenChosen(
        row -> {
          chosen = row.index();
          selection.select(selects(row));
        });
    return table;
  }

  /** Its record while it has one; else who wanted what. */
  private static Selected selects(FaultRow row) {
    return row.index() >= 0
        ? new Selected.Fault(row.index())
        : new Selected.Address(row.source(), row.address());
  }

  private static Figure state(FaultRow row) {
    Phrase words = Phrase.of("view.faults.state." + row.state().id());
    return switch (row.state()) {
      case WAITING -> Figure.of(words, Role.BAD);
      case READ, CLEARED -> Figure.muted(words);
    };
  }

  private static Figure request(FaultRow row) {
    Phrase kind = Phrase.of("view.faults." + row.kind().name().toLowerCase(Locale.ROOT));
    return Figure.of(
        row.pasid() < 0
            ? kind
            : Phrase.join(
                List.of(kind, Phrase.of("view.path.pasid", Hex.plain(row.pasid()))), " "));
  }

  private static Figure reason(FaultRow row) {
    FaultReason reason = row.reason();
    return reason == null
        ? Figure.of(row.number(), role(row))
        : Figure.of(
            Phrase.join(List.of(Phrase.literal(row.number()), FaultWords.text(reason)), " "),
            role(row));
  }

  private static Role role(FaultRow row) {
    return row.state() == FaultRow.State.WAITING ? Role.BAD : Role.MUTED;
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
