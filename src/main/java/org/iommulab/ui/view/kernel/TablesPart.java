package org.iommulab.ui.view.kernel;

import javafx.scene.Parent;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;

/** What the page tables of each domain map and cost. */
final class TablesPart implements DetailView {

  private final RowTable<Detail.DomainTables> table;

  TablesPart(Texts texts) {
    table =
        new RowTable<Detail.DomainTables>("kernel-tables", texts)
            .column("domain", 76, domain -> Figure.of(domain.name()))
            .column("type", 110, domain -> Figure.of(domain.type()))
            .column("owner", 160, domain -> Figure.of(domain.owner()))
            .column("memory", 110, domain -> Figure.of(Hex.size(domain.tableBytes())))
            .column("mapped", 110, domain -> Figure.of(Hex.size(domain.mappedBytes())))
            .column("4k", 90, domain -> Figure.of(Long.toString(domain.leaves().get(0))))
            .column("2m", 80, domain -> Figure.of(Long.toString(domain.leaves().get(1))))
            .column("1g", 80, domain -> Figure.of(Long.toString(domain.leaves().get(2))))
            .rowIds(domain -> Integer.toString(domain.id()))
            .emptyText("view.kernel.tables.empty");
  }

  @Override
  public Parent node() {
    return table;
  }

  @Override
  public void show(Detail detail) {
    if (detail instanceof Detail.Tables tables) {
      table.getItems().setAll(tables.domains());
    }
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
