package org.iommulab.ui.view.ranges;

import com.google.inject.Inject;
import java.util.Comparator;
import java.util.function.Predicate;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.SortedList;
import javafx.scene.Parent;
import javafx.scene.layout.BorderPane;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Subject;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.vtd.tables.MappedRange;

/** What the address space that all panes show maps, range by range. */
public final class RangesPane extends ViewPane {

  private static final int COLUMNS = 30;

  private final LabModel lab;
  private final Selection selection;
  private final ObservableList<RangeRow> rows = FXCollections.observableArrayList();
  private final RowTable<RangeRow> table;
  private final Feed<RangePicture> feed;
  private Predicate<MappedRange> filter = range -> true;
  private RangePicture picture = RangePicture.NONE;

  @Inject
  public RangesPane(LabModel lab, Selection selection, Texts texts) {
    super("ranges", Place.TABLES, 35, texts);
    this.lab = lab;
    this.selection = selection;
    table = new RowTable<>("ranges", texts);
    feed =
        feed(
            lab,
            () -> {
              Subject subject = lab.subject();
              Predicate<MappedRange> wanted = filter;
              return view -> RangesQuery.answer(view, subject, wanted);
            },
            this::show);
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(RangePicture answer) {
    picture = answer;
    table.quietly(() -> rows.setAll(answer.rows()));
    setFigures(
        answer.domain() < 0
            ? Phrase.NONE
            : Phrase.of(
                "view.ranges.figures",
                Hex.plain(answer.domain(), 2),
                answer.found(),
                answer.total(),
                Hex.size(answer.bytes())));
    lab.subject().iova().ifPresent(this::bringIntoView);
  }

  private void bringIntoView(long iova) {
    picture
        .holding(iova)
        .map(table.getItems()::indexOf)
        .filter(index -> index >= 0)
        .ifPresent(index -> table.bring(index, 3));
  }

  @Override
  protected Parent build() {
    table
        .column("iova", 130, row -> Figure.of(Hex.group(row.range().iova())))
        .column("last", 130, row -> Figure.of(Hex.group(row.last())))
        .column("target", 130, row -> Figure.of(Hex.group(row.range().physical())))
        .column("size", 86, row -> Figure.of(Hex.size(row.range().size())))
        .column("rights", 56, row -> Figure.of(row.range().rights().toString()))
        .column("page", 64, row -> Figure.of(row.range().pageName()))
        .column("owner", 150, row -> Figure.of(row.owner(), Role.MUTED))
        .sortedBy("iova", Comparator.comparing(row -> row.range().iova(), Long::compareUnsigned))
        .sortedBy("last", Comparator.comparing(RangeRow::last, Long::compareUnsigned))
        .sortedBy(
            "target", Comparator.comparing(row -> row.range().physical(), Long::compareUnsigned))
        .sortedBy("size", Comparator.comparingLong(row -> row.range().size()))
        .sortedBy("rights", Comparator.comparing(row -> row.range().rights().toString()))
        .sortedBy("page", Comparator.comparingLong(RangeRow::pageSize))
        .meantWhen(this::isMeant)
        .rowIds(row -> Long.toHexString(row.range().iova()))
        .keepsInSight(1)
        .emptyText("view.ranges.empty");
    var sorted = new SortedList<>(rows);
    sorted.comparatorProperty().bind(table.comparatorProperty());
    table.setItems(sorted);
    table.whenChosen(this::chosen);
    var pane = new BorderPane(table);
    pane.setTop(new RangeFilterBar("ranges", COLUMNS, texts(), this::filterBy));
    return pane;
  }

  private boolean isMeant(RangeRow row) {
    return lab.subject().iova().isPresent()
        && Long.compareUnsigned(
                lab.subject().iova().getAsLong() - row.range().iova(), row.range().size())
            < 0;
  }

  private void filterBy(Predicate<MappedRange> wanted) {
    filter = wanted;
    feed.ask();
  }

  private void chosen(RangeRow row) {
    selection.select(new Selected.DomainAddress(picture.domain(), row.range().iova()));
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
