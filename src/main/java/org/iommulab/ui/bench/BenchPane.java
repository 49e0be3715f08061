package org.iommulab.ui.bench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.TextTable;
import org.jspecify.annotations.Nullable;

/** Units, buses and devices, domains, processes and what they hold. */
@Singleton
final class BenchPane implements LabPane {

  private final BenchModel model;
  private final Selection selection;
  private final ObservableValue<List<BenchNode>> lines;
  private final Map<String, Boolean> decided = new HashMap<>();
  private @Nullable TreeView<BenchNode> tree;
  private boolean filling;

  @Inject
  BenchPane(BenchModel model, Selection selection) {
    this.model = model;
    this.selection = selection;
    this.lines = model.lines();
  }

  @Override
  public String id() {
    return "bench";
  }

  @Override
  public String titleKey() {
    return "pane.bench";
  }

  @Override
  public Place place() {
    return Place.BENCH;
  }

  @Override
  public int order() {
    return 10;
  }

  @Override
  public void shown(boolean shown) {
    model.setShown(shown);
  }

  @Override
  public ObservableValue<String> figures() {
    return model.figures();
  }

  @Override
  public Node node() {
    if (tree == null) {
      tree = build();
    }
    return tree;
  }

  /** The lines with their depth, whether or not they are open. */
  @Override
  public TextTable text() {
    var rows = new ArrayList<List<String>>();
    lines.getValue().forEach(line -> addRows(line, 0, rows));
    return new TextTable(List.of("depth", "id", "line", "explanation"), rows);
  }

  private static void addRows(BenchNode line, int depth, List<List<String>> rows) {
    rows.add(
        List.of(
            Integer.toString(depth),
            Ids.of("bench-" + line.key()),
            line.words(),
            line.explanation()));
    line.children().forEach(below -> addRows(below, depth + 1, rows));
  }

  private TreeView<BenchNode> build() {
    var view = new TreeView<BenchNode>(new TreeItem<>());
    view.setId("bench-tree");
    view.setShowRoot(false);
    view.setCellFactory(owner -> new BenchCell());
    lines.subscribe(present -> fill(view, present));
    view.getSelectionModel().selectedItemProperty().subscribe(this::choose);
    selection.selectedProperty().subscribe(chosen -> follow(view, chosen));
    return view;
  }

  private void choose(@Nullable TreeItem<BenchNode> item) {
    if (item != null && !filling) {
      BenchNode node = item.getValue();
      if (node.unit() >= 0) {
        model.bringToFront(node.unit());
      }
      node.selects().ifPresent(selection::select);
    }
  }

  private void fill(TreeView<BenchNode> view, List<BenchNode> present) {
    filling = true;
    view.getRoot().getChildren().setAll(present.stream().map(this::item).toList());
    filling = false;
    follow(view, selection.get());
  }

  private TreeItem<BenchNode> item(BenchNode node) {
    var item = new TreeItem<>(node);
    item.getChildren().setAll(node.children().stream().map(this::item).toList());
    item.setExpanded(decided.getOrDefault(node.key(), node.startsOpen()));
    item.expandedProperty().addListener((value, was, is) -> decided.put(node.key(), is));
    return item;
  }

  /** Marks the line of what is selected, or else of the device that all panes show. */
  private void follow(TreeView<BenchNode> view, Selected chosen) {
    TreeItem<BenchNode> selected = find(view.getRoot(), chosen);
    TreeItem<BenchNode> found =
        selected != null
            ? selected
            : model
                .device()
                .map(device -> find(view.getRoot(), new Selected.Device(device)))
                .orElse(null);
    filling = true;
    if (found == null) {
      view.getSelectionModel().clearSelection();
    } else {
      view.getSelectionModel().select(found);
    }
    filling = false;
  }

  private static @Nullable TreeItem<BenchNode> find(TreeItem<BenchNode> item, Selected wanted) {
    BenchNode node = item.getValue();
    if (node != null && node.selects().filter(wanted::equals).isPresent()) {
      return item;
    }
    for (TreeItem<BenchNode> child : item.getChildren()) {
      TreeItem<BenchNode> found = find(child, wanted);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
