package org.iommulab.ui.view.tree;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import javafx.scene.Parent;
import javafx.scene.layout.BorderPane;
import org.iommulab.lab.LabView;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Subject;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.lookup.DomainTree;
import org.iommulab.ui.view.lookup.EntryLayout;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.vtd.tables.TableKey;
import org.iommulab.vtd.tables.TableRow;
import org.jspecify.annotations.Nullable;

/** The page tables of one domain. */
public final class TreePane extends ViewPane {

  private final TreeModel model = new TreeModel();
  private final LabModel lab;
  private final Selection selection;
  private final Feed<TreePicture> feed;
  private final RowTable<TreeRow> table;
  private boolean following;

  @Inject
  public TreePane(LabModel lab, Selection selection, Texts texts) {
    super("tree", Place.TABLES, 10, texts);
    this.lab = lab;
    this.selection = selection;
    feed = feed(lab, this::question, this::show);
    table = new RowTable<>("tree", texts);
    selection.selectedProperty().addListener((_, _, now) -> follow(now));
  }

  private Function<LabView, TreePicture> question() {
    TreeRequest request = model.request(lab.subject());
    return view -> TreeQuery.answer(request, view.tables(), view.lastChanges());
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(TreePicture picture) {
    following = true;
    model.show(picture);
    following = false;
    selectInTable();
    DomainTree chosen = picture.chosen();
    if (chosen == null) {
      setFigures(Phrase.NONE);
      setMarks(List.of());
      return;
    }
    boolean many = picture.ranges() >= TreePicture.MANY;
    setFigures(
        Phrase.of(
            many ? "view.tree.figures.many" : "view.tree.figures",
            domainName(chosen.domain()),
            picture.pages(),
            picture.ranges()));
    int changes = picture.changes();
    setMarks(
        changes == 0 ? List.of() : List.of(Mark.changed(Phrase.of("view.tree.changes", changes))));
  }

  static String domainName(int domain) {
    return org.iommulab.ui.Hex.plain(domain, 2);
  }

  @Override
  protected Parent build() {
    table
        .outline("entry", 162, TreeFigures::entry, this::toggle)
        .column("iova", 116, TreeFigures::iova)
        .column("target", 106, TreeFigures::target)
        .column("size", 90, TreeFigures::size)
        .column("flags", 86, row -> TreeFigures.flags(row, stage()))
        .column("raw", 80, TreeFigures::raw)
        .rowIds(TreeRow::id)
        .changedWhen(row -> row.changes() > 0)
        .faintWhen(row -> row.entry() == null)
        .spokenAs(this::spoken)
        .emptyText("view.tree.empty");
    table.setItems(model.rows());
    table.getSelectionModel().selectedItemProperty().addListener((_, _, row) -> rowSelected(row));
    var bar =
        new TreeBar(
            model,
            texts(),
            this::choose,
            this::goTo,
            this::crumb,
            source -> selection.select(new Selected.Device(source)));
    var pane = new BorderPane(table);
    pane.setTop(bar);
    pane.setId("tree-content");
    return pane;
  }

  private Phrase spoken(TreeRow row) {
    TableRow entry = row.entry();
    return entry == null
        ? Phrase.NONE
        : Phrase.of(
            row.changes() > 0 ? "view.tree.spoken.changed" : "view.tree.spoken",
            row.depth() + 1,
            TreeFigures.title(row),
            TreeFigures.iova(row).text(),
            TreeFigures.target(row).text(),
            TreeFigures.flags(row, stage()).text());
  }

  private TableKey.Stage stage() {
    DomainTree chosen = model.pictureProperty().get().chosen();
    return chosen == null ? TableKey.Stage.SECOND : chosen.key().stage();
  }

  private void toggle(TreeRow row) {
    model.toggle(row);
    feed.ask();
  }

  private void choose(DomainTree use) {
    lab.show(lab.subject().showing(use));
  }

  private void goTo(long iova) {
    model.revealInput(iova);
    feed.ask();
  }

  private void crumb(TreeRow row) {
    model.select(row);
    selectInTable();
  }

  private void rowSelected(@Nullable TreeRow row) {
    if (following) {
      return;
    }
    model.select(row);
    TableRow entry = row == null ? null : row.entry();
    if (row != null && entry != null) {
      var layout = EntryLayout.of(stage(), entry.level(), entry.raw());
      following = true;
      selection.select(new Selected.Entry(entry.entryAddress(), layout, TreeFigures.title(row)));
      following = false;
    }
  }

  /** Another pane selected something: show our side of it. */
  private void follow(Selected selected) {
    if (following) {
      return;
    }
    switch (selected) {
      case Selected.Entry entry -> {
        if (model.revealEntry(entry.address())) {
          feed.ask();
        } else {
          selectInTable();
        }
      }
      case Selected.DomainAddress address ->
          meant(address.iova(), subject -> subject.domain() == address.domain());
      case Selected.Address address ->
          meant(address.iova(), subject -> address.source().equals(subject.device()));
      default -> {}
    }
  }

  /** The subject follows the selection; when it is there, so is the tree to look in. */
  private void meant(long iova, Predicate<Subject> whose) {
    model.awaitInput(iova, whose);
    feed.ask();
  }

  private void selectInTable() {
    TreeRow row = model.selectedProperty().get();
    following = true;
    if (row == null) {
      table.getSelectionModel().clearSelection();
    } else if (!row.equals(table.getSelectionModel().getSelectedItem())) {
      int index = model.rows().indexOf(row);
      table.getSelectionModel().clearAndSelect(index);
      table.bring(index, 4);
    }
    following = false;
  }

  @Override
  public TextTable text() {
    return table.text();
  }

  /** The rows from the top table down to the selected one, by their keys. */
  static List<TreeRow> trail(List<TreeRow> rows, @Nullable TreeRow selected) {
    var trail = new ArrayList<TreeRow>();
    if (selected == null || selected.entry() == null) {
      return trail;
    }
    for (TreeRow row : rows) {
      boolean above = selected.key().startsWith(row.key() + "-");
      if (row.entry() != null && (above || row.equals(selected))) {
        trail.add(Objects.requireNonNull(row));
      }
    }
    return trail;
  }
}
