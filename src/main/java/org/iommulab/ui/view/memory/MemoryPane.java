package org.iommulab.ui.view.memory;

import com.google.inject.Inject;
import java.util.OptionalLong;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.iommulab.memory.Page;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.ui.view.part.Words;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;

/** Physical memory, one frame at a time. */
public final class MemoryPane extends ViewPane {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final Selection selection;
  private final ObservableList<MemoryRow> rows = FXCollections.observableArrayList();
  private final RowTable<MemoryRow> table;
  private final TextField address = new TextField();
  private final Feed<MemoryPicture> feed;
  private static final long NOWHERE = -1;

  private long at = NOWHERE;
  private boolean follow = true;

  /** What was selected when the question under way was asked. */
  private Selected asked = new Selected.Nothing();

  private @Nullable MemoryPicture picture;

  @Inject
  public MemoryPane(LabModel lab, Selection selection, Texts texts) {
    super("memory", Place.BOTTOM, 60, texts);
    this.selection = selection;
    table = new RowTable<>("memory", texts);
    feed =
        feed(
            lab,
            () -> {
              long wanted = at;
              boolean there = follow;
              Selected selected = selection.get();
              asked = selected;
              return view -> MemoryQuery.answer(view, wanted, there, selected);
            },
            this::show);
    selection
        .selectedProperty()
        .addListener(
            (_, _, _) -> {
              follow = true;
              feed.ask();
            });
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(MemoryPicture shown) {
    boolean moved = picture == null || picture.frame() != shown.frame() || at != shown.at();
    picture = shown;
    at = shown.at();
    // Something else may have been selected since the question was asked.
    follow = follow && !asked.equals(selection.get());
    int outlined = table.getSelectionModel().getSelectedIndex();
    rows.setAll(shown.rows());
    setFigures(shown.purpose());
    if (!address.isFocused()) {
      address.setText(Hex.group(at));
    }
    if (moved && !rows.isEmpty()) {
      int row = (int) (at - shown.frame()) / 32;
      table.getSelectionModel().clearAndSelect(row);
      table.bring(row, 2);
    } else if (outlined >= 0 && outlined < rows.size()) {
      table.getSelectionModel().clearAndSelect(outlined);
    }
  }

  @Override
  protected Parent build() {
    table.column("address", 128, row -> Figure.of(Hex.group(row.address()), Role.MUTED));
    for (int i = 0; i < 4; i++) {
      int index = i;
      table.column(
          Integer.toString(i * 8), 156, row -> quadword(row, index).chosen(isChosen(row, index)));
    }
    table
        .column("characters", 256, row -> Figure.of(row.characters(), Role.MUTED))
        .rowIds(row -> Long.toHexString(row.address()))
        .emptyText("view.memory.nothing");
    table.setItems(rows);
    address.setId("memory-goto");
    address.getStyleClass().addAll("mono", "small-field");
    address.promptTextProperty().bind(texts().observe("view.tree.goto"));
    address.accessibleTextProperty().bind(texts().observe("view.tree.goto"));
    address.setPrefColumnCount(14);
    address.setMinWidth(Region.USE_PREF_SIZE);
    address.textProperty().addListener((_, _, _) -> address.pseudoClassStateChanged(WRONG, false));
    address.setOnAction(_ -> typed());
    Label legend = Words.label(texts(), "view.memory.legend", "muted", "small");
    Words.mayShorten(legend);
    var bar =
        new HBox(
            Words.iconButton(
                texts(),
                "memory-back",
                "view.memory.back",
                MaterialDesignC.CHEVRON_LEFT,
                () -> goTo(at - Page.BYTES)),
            address,
            Words.iconButton(
                texts(),
                "memory-next",
                "view.memory.next",
                MaterialDesignC.CHEVRON_RIGHT,
                () -> goTo(at + Page.BYTES)),
            legend);
    bar.getStyleClass().add("view-bar");
    var pane = new BorderPane(table);
    pane.setTop(bar);
    return pane;
  }

  private static Figure quadword(MemoryRow row, int index) {
    return Figure.of(Hex.qword(row.quadwords().get(index)), row.roles().get(index).role());
  }

  private boolean isChosen(MemoryRow row, int index) {
    return picture != null && picture.isChosen(row.address() + index * 8L);
  }

  private void typed() {
    OptionalLong wanted = Hex.address(address.getText());
    address.pseudoClassStateChanged(WRONG, wanted.isEmpty());
    wanted.ifPresent(this::goTo);
  }

  private void goTo(long wanted) {
    at = Math.max(0, wanted & ~7L);
    follow = false;
    feed.ask();
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
