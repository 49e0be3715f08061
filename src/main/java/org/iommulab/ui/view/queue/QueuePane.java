package org.iommulab.ui.view.queue;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Parent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.vtd.layout.InvalidationDescriptor;

/** The invalidation queue of the unit. */
public final class QueuePane extends ViewPane {

  private final Selection selection;
  private final ObservableList<Slot> slots = FXCollections.observableArrayList();
  private final RowTable<Slot> table;
  private final RingView ring;
  private final StackPane top = new StackPane();
  private final Feed<QueuePicture> feed;

  @Inject
  public QueuePane(LabModel lab, Selection selection, Texts texts) {
    super("queue", Place.BOTTOM, 30, texts);
    this.selection = selection;
    table = new RowTable<>("queue", texts);
    ring = new RingView(texts);
    feed = feed(lab, () -> QueueQuery::answer, this::show);
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(QueuePicture picture) {
    table.quietly(() -> slots.setAll(picture.rows()));
    ring.show(picture);
    top.setVisible(picture.exists());
    top.setManaged(picture.exists());
    if (!picture.exists()) {
      setFigures(Phrase.NONE);
      setMarks(List.of());
      return;
    }
    setFigures(
        Phrase.of(
            "view.queue.figures",
            picture.head(),
            picture.tail(),
            picture.pending(),
            picture.slots()));
    var marks = new ArrayList<Mark>();
    if (picture.error()) {
      marks.add(Mark.bad(Phrase.of("view.queue.error")));
    }
    if (!picture.enabled()) {
      marks.add(Mark.muted(Phrase.of("view.queue.off")));
    }
    setMarks(marks);
    scrollToHead(picture);
  }

  private void scrollToHead(QueuePicture picture) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).index() == picture.head()) {
        table.bring(i, slots.size());
      }
    }
  }

  @Override
  protected Parent build() {
    table
        .column("slot", 56, slot -> Figure.of(Integer.toString(slot.index())))
        .column("state", 128, QueuePane::state)
        .column("kind", 112, QueuePane::kind)
        .column("decoded", 420, slot -> Figure.of(slot.decoded()))
        .column("raw", 200, QueuePane::raw)
        .column("address", 120, slot -> Figure.of(Hex.group(slot.address()), Role.MUTED))
        .rowIds(slot -> Integer.toString(slot.index()))
        .faintWhen(slot -> slot.state() == Slot.State.DONE)
        .emptyText("view.queue.empty");
    table.setItems(slots);
    table.whenChosen(this::choose);
    var pane = new BorderPane(table);
    top.getChildren().setAll(ring);
    top.getStyleClass().add("view-bar");
    pane.setTop(top);
    return pane;
  }

  private void choose(Slot slot) {
    InvalidationDescriptor kind = slot.kind();
    selection.select(
        kind == null
            ? new Selected.Bytes(slot.address(), slot.quadwords().size() * 8L)
            : new Selected.Entry(
                slot.address(), kind.layout(), kind.code() + " [" + slot.index() + "]"));
  }

  private static Figure state(Slot slot) {
    return switch (slot.state()) {
      case DONE -> Figure.muted(Phrase.of("view.queue.done"));
      case PENDING -> Figure.tag(Mark.caution(Phrase.of("view.queue.pending")));
      case HEAD -> Figure.tag(new Mark(Role.ACCENT, "▸", Phrase.of("view.queue.head")));
      case TAIL -> Figure.tag(new Mark(Role.ACCENT, "◂", Phrase.of("view.queue.tail")));
      case HEAD_AND_TAIL -> Figure.tag(new Mark(Role.ACCENT, "▸", Phrase.of("view.queue.both")));
    };
  }

  private static Figure kind(Slot slot) {
    InvalidationDescriptor kind = slot.kind();
    boolean blank = slot.quadwords().stream().allMatch(quadword -> quadword == 0);
    if (kind != null) {
      return Figure.of(kind.code());
    }
    return blank ? Figure.NONE : Figure.of(Phrase.of("view.queue.unknown"), Role.BAD);
  }

  private static Figure raw(Slot slot) {
    boolean blank = slot.quadwords().stream().allMatch(quadword -> quadword == 0);
    return blank
        ? Figure.NONE
        : Figure.of(Hex.group(slot.quadwords().get(1)) + " " + Hex.group(slot.quadwords().get(0)));
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
