package org.iommulab.ui.view.calls;

import com.google.inject.Inject;
import java.util.List;
import javafx.scene.Parent;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyEvent;
import org.iommulab.lab.LabView;
import org.iommulab.trace.CallFrame;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.OutlineRow.Branch;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.SightedList;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.jspecify.annotations.Nullable;

/** The chain of the last operation. Choosing a call selects it, or the entry it wrote. */
public final class CallsPane extends ViewPane {

  private final CallsModel model = new CallsModel();
  private final Selection selection;
  private final Feed<Calls> feed;
  private final SightedList<CallRow> list;
  private boolean updating;

  /** The call chosen elsewhere; it stays until nothing is chosen. */
  private @Nullable CallFrame meant;

  /** What is asked of the laboratory. */
  private record Calls(boolean earlier, List<CallFrame> frames, long lost) {
    static Calls of(LabView view) {
      return new Calls(
          view.lastCalls().isEmpty(), List.copyOf(view.recentCalls()), view.lostCalls());
    }
  }

  @Inject
  public CallsPane(LabModel lab, Selection selection, Texts texts) {
    super("calls", Place.CALLS, 10, texts);
    this.selection = selection;
    list = new SightedList<>(model.rows());
    selection.selectedProperty().subscribe(this::follow);
    feed = feed(lab, () -> Calls::of, this::show);
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void follow(Selected thing) {
    switch (thing) {
      case Selected.Call call -> meant = call.frame();
      case Selected.Nothing _ -> meant = null;
      default -> {
        return;
      }
    }
    choose();
  }

  private void choose() {
    CallFrame wanted = meant;
    updating = true;
    for (int i = 0; wanted != null && i < model.rows().size(); i++) {
      if (model.rows().get(i).frame().equals(wanted)
          && list.getSelectionModel().getSelectedIndex() != i) {
        list.getSelectionModel().clearAndSelect(i);
        list.bring(i, 3);
      }
    }
    updating = false;
  }

  private void show(Calls calls) {
    updating = true;
    model.show(calls.frames());
    updating = false;
    choose();
    int errors = model.errorsProperty().get();
    if (model.rows().isEmpty()) {
      setFigures(Phrase.NONE);
      setMarks(List.of());
      return;
    }
    setFigures(
        calls.earlier()
            ? Phrase.of("view.calls.earlier")
            : calls.lost() > 0
                ? Phrase.of("view.calls.lost", calls.lost())
                : errors == 0 ? Phrase.of("view.calls.fine") : Phrase.of("view.calls.last"));
    setMarks(errors == 0 ? List.of() : List.of(Mark.bad(Phrase.of("view.calls.errors", errors))));
  }

  @Override
  protected Parent build() {
    list.setId("calls-list");
    list.getStyleClass().addAll("calls-list", "mono", "row-list");
    list.setPlaceholder(new EmptyNote(texts(), "view.calls.empty"));
    list.setCellFactory(_ -> new CallCell(texts(), row -> toggle(list, row)));
    list.getSelectionModel().selectedItemProperty().addListener((_, _, row) -> choose(row));
    list.addEventFilter(KeyEvent.KEY_PRESSED, event -> keyPressed(list, event));
    texts().localeProperty().addListener((_, _, _) -> list.refresh());
    return list;
  }

  private void choose(@Nullable CallRow row) {
    if (row != null && !updating) {
      CallFrame frame = row.frame();
      selection.select(WrittenEntry.of(frame).orElseGet(() -> new Selected.Call(frame)));
    }
  }

  /** Opens or closes a row; the selection stays at its line. */
  private void toggle(ListView<CallRow> list, CallRow row) {
    model.toggle(row);
    for (int i = 0; i < model.rows().size(); i++) {
      if (model.rows().get(i).key().equals(row.key())) {
        list.getSelectionModel().select(i);
      }
    }
  }

  private void keyPressed(ListView<CallRow> list, KeyEvent event) {
    CallRow row = list.getSelectionModel().getSelectedItem();
    if (row == null) {
      return;
    }
    boolean toggles =
        switch (event.getCode()) {
          case RIGHT -> row.branch() == Branch.CLOSED;
          case LEFT -> row.branch() == Branch.OPEN;
          case SPACE, ENTER -> row.branch() != Branch.NONE;
          default -> false;
        };
    if (toggles) {
      toggle(list, row);
      event.consume();
    }
  }

  @Override
  public TextTable text() {
    return CallText.table(model.rows());
  }
}
