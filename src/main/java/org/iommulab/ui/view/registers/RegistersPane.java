package org.iommulab.ui.view.registers;

import com.google.inject.Inject;
import java.util.Locale;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.scene.Parent;
import javafx.scene.control.TextField;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;

/** All registers of the unit. */
public final class RegistersPane extends ViewPane {

  private final LabModel lab;
  private final Selection selection;
  private final ObservableList<RegisterRow> rows = FXCollections.observableArrayList();
  private final FilteredList<RegisterRow> found = new FilteredList<>(rows);
  private final RowTable<RegisterRow> table;
  private final Feed<RegisterPicture> feed;
  private RegisterPicture picture = RegisterPicture.NONE;
  private RegisterPicture before = RegisterPicture.NONE;
  private String chosen = "";

  @Inject
  public RegistersPane(LabModel lab, Selection selection, Texts texts) {
    super("registers", Place.BOTTOM, 50, texts);
    this.lab = lab;
    this.selection = selection;
    feed = feed(lab, () -> RegisterQuery::answer, this::show);
    table = new RowTable<>("registers", texts);
    selection.selectedProperty().subscribe(this::follow);
  }

  /** Another part of the window chose a register; it stays until nothing is chosen. */
  private void follow(Selected thing) {
    switch (thing) {
      case Selected.Register register -> chosen = register.name();
      case Selected.Nothing _ -> chosen = "";
      default -> {
        return;
      }
    }
    table.quietly(this::choose);
  }

  private void choose() {
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).register().name().equals(chosen)) {
        if (table.getSelectionModel().getSelectedIndex() != i) {
          table.getSelectionModel().clearAndSelect(i);
          table.bring(i, 3);
        }
        return;
      }
    }
    table.getSelectionModel().clearSelection();
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(RegisterPicture answer) {
    before = picture;
    picture = answer;
    table.quietly(
        () -> {
          rows.setAll(answer.rows());
          choose();
        });
    setFigures(Phrase.of("view.registers.count", answer.rows().size()));
  }

  @Override
  protected Parent build() {
    table
        .column("offset", 64, row -> Figure.of(Hex.plain(row.offset(), 3)))
        .column("name", 92, row -> Figure.of(row.register().name(), Role.ACCENT))
        .column("access", 64, row -> Figure.of(row.register().access().text(), Role.MUTED))
        .column("value", 176, RegistersPane::value)
        .column("decoded", 640, row -> Figure.of(row.decoded()))
        .rowIds(row -> row.register().name().toLowerCase(Locale.ROOT))
        .changedWhen(this::isChanged)
        .keepsInSight(2)
        .emptyText("view.registers.empty");
    table.setItems(found);
    table.whenChosen(
        row -> {
          chosen = row.register().name();
          selection.select(new Selected.Register(lab.subject().unit(), chosen));
        });
    var filter = new TextField();
    filter.setId("registers-filter");
    filter.getStyleClass().add("small-field");
    filter.setPrefColumnCount(22);
    filter.promptTextProperty().bind(texts().observe("view.registers.filter"));
    filter.accessibleTextProperty().bind(texts().observe("view.registers.filter"));
    filter.textProperty().addListener((_, _, text) -> found.setPredicate(row -> row.matches(text)));
    var bar = new HBox(filter);
    bar.getStyleClass().add("view-bar");
    var pane = new BorderPane(table);
    pane.setTop(bar);
    return pane;
  }

  private static Figure value(RegisterRow row) {
    int digits = row.register().bytes() == 4 ? 8 : 16;
    StringBuilder text = new StringBuilder();
    for (long quadword : row.quadwords().reversed()) {
      text.append(text.isEmpty() ? "" : "_").append(Hex.group(quadword, digits));
    }
    return Figure.of(text.toString());
  }

  /** Registers that the command between the last two answers changed. */
  private boolean isChanged(RegisterRow row) {
    return before.isJustBefore(picture) && before.differsFrom(row);
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
