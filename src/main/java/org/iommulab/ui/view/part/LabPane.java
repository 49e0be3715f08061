package org.iommulab.ui.view.part;

import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import org.iommulab.ui.Role;

/**
 * One pane of the workbench. Panes are registered in a Guice set of {@code LabPane}; the workbench
 * draws the header line (title, badges, figures) around {@link #node()} and puts the pane in its
 * place. All methods are called on the JavaFX thread.
 */
public interface LabPane {

  /** Where a pane goes. */
  enum Place {
    /** Left column. */
    BENCH,
    /** The strip on top of the centre; without a header line of the workbench's. */
    PATH,
    /** Centre, left. Several panes become tabs. */
    TABLES,
    /** Centre, right. Several panes become tabs. */
    CALLS,
    /** Tabs below the centre. */
    BOTTOM,
    /** Right column. Several panes stand below each other. */
    INSPECTOR
  }

  /**
   * A small tag in the header line, or behind the title of a tab.
   *
   * @param text such as {@code 1 fault}
   * @param role its colours
   */
  record Badge(String text, Role role) {}

  /** Stable id such as {@code iotlb}; the workbench derives {@code #iotlb-pane} from it. */
  String id();

  /** Key of the title's text. */
  String titleKey();

  /** Where the pane goes. */
  Place place();

  /** Position among the panes of the same place, ascending. */
  int order();

  /** The content; built when it is first asked for, the same node ever after. */
  Node node();

  /**
   * Tells the pane that it has become visible or hidden. A hidden pane asks the laboratory nothing;
   * when shown, it brings itself up to date.
   */
  void shown(boolean shown);

  /** The figures at the right of the header line, such as {@code 5 of 64 · hits 83 %}. */
  default ObservableValue<String> figures() {
    return Bindings.createStringBinding(() -> "");
  }

  /** Tags in the header line; in tabs the first one also stands behind the title. */
  default ObservableList<Badge> badges() {
    return FXCollections.emptyObservableList();
  }

  /**
   * Whether it has something now that must be seen also while the side it stands in is folded; then
   * it is a band over the middle, without a header line. Empty for panes that never have.
   */
  default Optional<ObservableValue<Boolean>> band() {
    return Optional.empty();
  }

  /**
   * Brings a part of the pane to the front, such as {@code swiotlb}; panes without parts do
   * nothing.
   */
  default void lookAt(String part) {}

  /** What it shows as rows, for copy and export; no columns if it shows none. */
  default TextTable text() {
    return TextTable.NONE;
  }
}
