package org.iommulab.ui.view.kernel;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.scene.Parent;
import javafx.scene.control.TextField;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import org.iommulab.lab.LabView;
import org.iommulab.linux.KernelView;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.lookup.FaultLine;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.jspecify.annotations.Nullable;

/** Everything the kernel printed; a line about a fault leads to the address meant. */
public final class DmesgPane extends ViewPane {

  /**
   * A line of the log.
   *
   * @param number counted from 0
   * @param fault what fault it tells of, or null
   */
  private record Line(int number, String text, @Nullable FaultLine fault) {}

  /**
   * What the kernel printed.
   *
   * @param held lines that its rate limit has held back so far
   */
  private record Log(List<String> lines, int held) {}

  private final Selection selection;
  private final ObservableList<Line> lines = FXCollections.observableArrayList();
  private final FilteredList<Line> found = new FilteredList<>(lines);
  private final RowTable<Line> table;
  private final Feed<Log> feed;

  @Inject
  public DmesgPane(LabModel lab, Selection selection, Texts texts) {
    super("dmesg", Place.BOTTOM, 72, texts);
    this.selection = selection;
    table = new RowTable<>("dmesg", texts);
    feed = feed(lab, () -> DmesgPane::log, this::show);
  }

  private static Log log(LabView view) {
    List<String> lines = view.kernel().map(KernelView::dmesg).orElse(List.of());
    int all = view.kernel().map(kernel -> kernel.messages().size()).orElse(0);
    return new Log(lines, all - lines.size());
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(Log printed) {
    List<String> log = printed.lines();
    boolean longer = log.size() > lines.size();
    var read = new ArrayList<Line>();
    for (String text : log) {
      read.add(new Line(read.size(), text, FaultLine.of(text).orElse(null)));
    }
    table.quietly(() -> lines.setAll(read));
    if (longer && !found.isEmpty()) {
      table.bring(found.size() - 1, found.size());
    }
    long faults = read.stream().filter(line -> line.fault() != null).count();
    setFigures(Phrase.of("view.dmesg.figures", log.size(), faults, printed.held()));
  }

  @Override
  protected Parent build() {
    table
        .column(
            "line", 1100, line -> Figure.of(line.text(), line.fault() == null ? null : Role.BAD))
        .rowIds(line -> Integer.toString(line.number()))
        .emptyText("view.dmesg.empty");
    table.setItems(found);
    table.whenChosen(this::chosen);
    var filter = new TextField();
    filter.setId("dmesg-filter");
    filter.getStyleClass().add("small-field");
    filter.setPrefColumnCount(22);
    filter.promptTextProperty().bind(texts().observe("view.dmesg.filter"));
    filter.accessibleTextProperty().bind(texts().observe("view.dmesg.filter"));
    filter.textProperty().addListener((_, _, text) -> found.setPredicate(line -> fits(line, text)));
    var bar = new HBox(filter);
    bar.getStyleClass().add("view-bar");
    var pane = new BorderPane(table);
    pane.setTop(bar);
    return pane;
  }

  private static boolean fits(Line line, String wanted) {
    return line.text().toLowerCase(Locale.ROOT).contains(wanted.strip().toLowerCase(Locale.ROOT));
  }

  private void chosen(Line line) {
    FaultLine fault = line.fault();
    if (fault != null && fault.kind() != FaultLine.Kind.INTERRUPT) {
      selection.select(new Selected.Address(fault.source(), fault.address()));
    }
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
