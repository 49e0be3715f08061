package org.iommulab.ui.view.kernel;

import javafx.scene.Parent;
import javafx.scene.layout.BorderPane;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;

/** The bounce pool: a map of its segments, and the mappings in it. */
final class SlotPart implements DetailView {

  private final RowTable<Detail.Bounce> table;
  private final SlotMap map;
  private final BorderPane pane = new BorderPane();
  private final EmptyNote noPool;
  private final EmptyNote unused;

  SlotPart(Texts texts) {
    map = new SlotMap(texts);
    noPool = new EmptyNote(texts, "view.kernel.slots.none");
    unused = new EmptyNote(texts, "view.kernel.slots.empty");
    table =
        new RowTable<Detail.Bounce>("kernel-slots", texts)
            .column("slot", 130, bounce -> Figure.of(slots(bounce)))
            .column("bytes", 90, bounce -> Figure.of(Long.toString(bounce.bytes())))
            .column("address", 150, bounce -> Figure.of(Hex.group(bounce.address())))
            .column("original", 170, bounce -> Figure.of(Hex.group(bounce.original())))
            .rowIds(bounce -> Integer.toString(bounce.slot()));
    pane.setTop(map);
    pane.setCenter(table);
  }

  private static String slots(Detail.Bounce bounce) {
    return bounce.slots() == 1
        ? Integer.toString(bounce.slot())
        : bounce.slot() + " … " + (bounce.slot() + bounce.slots() - 1);
  }

  @Override
  public Parent node() {
    return pane;
  }

  @Override
  public void show(Detail detail) {
    if (detail instanceof Detail.Slots slots) {
      table.setPlaceholder(slots.total() == 0 ? noPool : unused);
      table.getItems().setAll(slots.bounces());
      map.show(slots);
      map.setVisible(slots.total() > 0);
      map.setManaged(map.isVisible());
    }
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
