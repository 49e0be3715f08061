package org.iommulab.testkit;

import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;

/** A table of the window; rows go by the ids of docs/ui-testing-panes.md. */
public final class TablePage {

  private final LabWindow lab;
  private final String name;

  TablePage(LabWindow lab, String name) {
    this.lab = lab;
    this.name = name;
  }

  /** How many rows it has, those out of sight included. */
  public int size() {
    return lab.find("#" + name + "-table", TableView.class).getItems().size();
  }

  /** Chooses a row that can be seen. */
  public TablePage select(String row) {
    lab.click("#" + name + "-row-" + row);
    return this;
  }

  /** The text of a cell that can be seen. */
  public String cell(String row, String column) {
    Node cell = lab.find("#" + name + "-cell-" + row + "-" + column);
    return cell instanceof Labeled labeled && labeled.getText() != null
        ? labeled.getText()
        : Texts.in(cell);
  }
}
