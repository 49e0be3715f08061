package org.iommulab.ui.casefile;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.layout.VBox;
import org.iommulab.evidence.casefile.CaseExplanation;
import org.iommulab.evidence.diagnosis.Finding;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.jspecify.annotations.Nullable;

/**
 * What a log, a text or an archive says: findings above, the chosen one with its evidence below.
 */
public final class CasePane extends ViewPane {

  private static final double GAP = 8;
  private static final double PADDING = 12;

  private final CaseModel model;
  private final ObservableList<Finding> rows = FXCollections.observableArrayList();
  private final RowTable<Finding> table;
  private final VBox details = new VBox(GAP);

  @Inject
  public CasePane(CaseModel model, Texts texts) {
    super("case", Place.TABLES, 90, texts);
    this.model = model;
    table = new RowTable<>("case", texts);
    model.openedProperty().addListener((_, _, explained) -> show(explained));
    texts.localeProperty().addListener((_, _, _) -> show(model.openedProperty().get()));
  }

  private boolean isChinese() {
    return texts().locale().getLanguage().equals(Locale.CHINESE.getLanguage());
  }

  private void show(@Nullable CaseExplanation explained) {
    if (explained == null) {
      rows.clear();
      return;
    }
    rows.setAll(
        explained.explanation().map(found -> found.diagnosis().findings()).orElse(List.of()));
    long faults = explained.explanation().map(found -> found.log().faultCount()).orElse(0L);
    setFigures(Phrase.of("view.case.figures", faults, explained.opened().files().size()));
    setMarks(
        faults == 0
            ? List.of()
            : List.of(new Mark(Role.BAD, "", Phrase.literal(Long.toString(faults)))));
    if (rows.isEmpty()) {
      explain(null);
    } else {
      table.getSelectionModel().select(0);
      explain(rows.getFirst());
    }
  }

  @Override
  public void shown(boolean shown) {}

  @Override
  protected Parent build() {
    table
        .column("role", 96, finding -> role(finding))
        .column("rule", 64, finding -> Figure.of(finding.rule()))
        .column("finding", 640, finding -> Figure.of(finding.sentence(isChinese())))
        .rowIds(finding -> finding.rule() + finding.device().orElse(""))
        .emptyText("view.case.empty");
    table.setItems(rows);
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener((_, _, finding) -> explain(finding));
    details.setId("case-details");
    details.setStyle("-fx-padding: " + PADDING + "px");
    var scroll = new ScrollPane(details);
    scroll.setFitToWidth(true);
    scroll.setId("case-scroll");
    scroll.getStyleClass().add("plain-scroll");
    var split = new SplitPane(table, scroll);
    split.setOrientation(Orientation.VERTICAL);
    split.setDividerPositions(0.32);
    split.setId("case-split");
    split.setMinSize(0, 0);
    scroll.setMinSize(0, 0);
    explain(rows.isEmpty() ? null : rows.getFirst());
    return split;
  }

  private static Figure role(Finding finding) {
    return switch (finding.role()) {
      case CAUSE -> Figure.of(Phrase.of("view.case.cause"), Role.BAD);
      case COMPANION -> Figure.of(Phrase.of("view.case.companion"), Role.WARN);
      case CANDIDATE -> Figure.of(Phrase.of("view.case.candidate"), Role.WARN);
      case NOTE -> Figure.muted(Phrase.of("view.case.note"));
    };
  }

  private void explain(@Nullable Finding finding) {
    var parts = new ArrayList<Node>();
    boolean chinese = isChinese();
    if (finding != null) {
      Label sentence = words(finding.sentence(chinese));
      sentence.setId("case-sentence");
      sentence.getStyleClass().add("heading");
      parts.add(sentence);
      parts.add(
          words(
              texts()
                  .get("view.case.sure." + finding.confidence().name().toLowerCase(Locale.ROOT))));
      section(parts, "evidence", finding.evidence().stream().map(CasePane::line).toList(), true);
      section(parts, "check", finding.check(chinese), false);
      section(parts, "try", finding.advice(chinese), false);
      section(parts, "not", finding.warnings(chinese), false);
    }
    CaseExplanation explained = model.openedProperty().get();
    if (explained != null) {
      section(
          parts,
          "walk",
          explained.walks().stream().map(walk -> walk.snapshot() + "\n" + walk.report()).toList(),
          true);
      section(parts, "files", files(explained), true);
    }
    details.getChildren().setAll(parts);
  }

  private static List<String> files(CaseExplanation explained) {
    return explained.opened().files().stream()
        .limit(200)
        .map(file -> file.name() + "  " + file.kind().words())
        .toList();
  }

  private static String line(Finding.Evidence evidence) {
    return (evidence.line() > 0 ? evidence.line() + ": " : "") + evidence.text();
  }

  private void section(List<Node> parts, String key, List<String> lines, boolean fixed) {
    if (lines.isEmpty()) {
      return;
    }
    Label title = words(texts().get("view.case." + key));
    title.getStyleClass().add("muted");
    parts.add(title);
    for (String line : lines) {
      Label label = words(fixed ? line : "•  " + line);
      if (fixed) {
        label.getStyleClass().add("mono");
      }
      parts.add(label);
    }
  }

  private static Label words(String text) {
    var label = new Label(text);
    label.setWrapText(true);
    label.setMinHeight(Label.USE_PREF_SIZE);
    return label;
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
