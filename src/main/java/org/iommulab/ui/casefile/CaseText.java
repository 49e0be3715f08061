package org.iommulab.ui.casefile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/** Lines of a file of the case: faults and what findings rest on stand out. */
final class CaseText {

  private static final PseudoClass FAULT = PseudoClass.getPseudoClass("fault");
  private static final PseudoClass FACT = PseudoClass.getPseudoClass("fact");
  private static final int MOST = 20_000;
  private static final int ABOVE = 2;

  private final Texts texts;
  private final VBox box = new VBox();
  private final ObservableList<Row> rows = FXCollections.observableArrayList();
  private final ListView<Row> list = new ListView<>(rows);
  private @Nullable KernelLog shownLog;
  private long wanted;

  /** One line. */
  private record Row(long number, String text, boolean fault, boolean fact) {}

  CaseText(Texts texts) {
    this.texts = texts;
    list.setId("case-log");
    list.getStyleClass().addAll("row-list", "mono", "case-log");
    list.setCellFactory(view -> new Cell());
    list.setMinSize(0, 0);
    VBox.setVgrow(list, Priority.ALWAYS);
    // A list that has no height yet, or another one now, has not scrolled to where it should.
    list.heightProperty().subscribe(height -> bring(wanted));
    box.setMinSize(0, 0);
  }

  Region node() {
    return box;
  }

  void clear() {
    rows.clear();
    shownLog = null;
    box.getChildren().clear();
  }

  /** The kernel log, brought to a line. */
  void log(KernelLog log, Set<Long> facts, long line) {
    // Two logs may have one name: what was pasted, a dmesg.txt of each machine.
    if (shownLog != log) {
      var faults = new java.util.HashSet<Long>();
      for (LogFault fault : log.faults()) {
        faults.add(fault.line());
      }
      var all = new ArrayList<Row>();
      for (KernelLog.Line kept : log.lines()) {
        all.add(
            new Row(
                kept.number(),
                kept.words(),
                faults.contains(kept.number()),
                facts.contains(kept.number())));
      }
      rows.setAll(all);
      shownLog = log;
    }
    String name = log.name().substring(log.name().lastIndexOf('/') + 1);
    header(texts.get("case.log"), texts.get("case.log.figures", name, rows.size()));
    bring(line);
  }

  /** Another text, brought to a line. */
  void file(String name, String text, long line) {
    List<String> lines = text.lines().limit(MOST).toList();
    var all = new ArrayList<Row>();
    for (int i = 0; i < lines.size(); i++) {
      all.add(new Row(i + 1L, lines.get(i), false, i + 1 == line));
    }
    rows.setAll(all);
    shownLog = null;
    header(
        texts.get("case.file"),
        texts.get("case.log.figures", name.substring(name.lastIndexOf('/') + 1), rows.size()));
    bring(line);
  }

  private void header(String title, String figures) {
    box.getChildren().setAll(CaseParts.header(title, figures), list);
  }

  /** The line, or the nearest before it, with a few above. */
  private void bring(long line) {
    wanted = line;
    if (line <= 0) {
      return;
    }
    for (int i = 0; i < rows.size(); i++) {
      boolean last = i + 1 == rows.size() || rows.get(i + 1).number() > line;
      if (last) {
        list.getSelectionModel().select(i);
        list.scrollTo(Math.max(0, i - ABOVE));
        return;
      }
    }
  }

  private final class Cell extends ListCell<Row> {

    private final Label number = new Label();
    private final Label words = new Label();
    private final HBox line = new HBox(12, number, words);

    private Cell() {
      number.getStyleClass().add("muted");
      number.setMinWidth(Region.USE_PREF_SIZE);
      words.setMinWidth(0);
      setPrefWidth(0);
    }

    @Override
    protected void updateItem(@Nullable Row row, boolean empty) {
      super.updateItem(row, empty);
      if (row == null || empty) {
        setGraphic(null);
        setTooltip(null);
      } else {
        number.setText(String.format(Locale.ROOT, "%5d", row.number()));
        words.setText(row.text());
        setGraphic(line);
        setAccessibleText(row.number() + " " + row.text());
      }
      pseudoClassStateChanged(FAULT, row != null && row.fault());
      pseudoClassStateChanged(FACT, row != null && row.fact() && !row.fault());
    }
  }
}
