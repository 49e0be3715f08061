package org.iommulab.ui.advisor;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import javafx.collections.ListChangeListener;
import javafx.scene.Parent;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ListView;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.advice.Severity;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Mark;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;

/** What the advisor says, beside the tables and caches that show it. */
@Singleton
public final class AdvisorPane extends ViewPane {

  private final AdvisorModel model;
  private final EmptyNote nothing;
  private final EmptyNote away;

  @Inject
  public AdvisorPane(LabModel lab, AdvisorModel model, Texts texts) {
    super("advisor", Place.CALLS, 20, texts);
    this.model = model;
    nothing = new EmptyNote(texts, "advisor.empty");
    away = new EmptyNote(texts, "advisor.away");
    // The number on its tab must be right while another pane is in front.
    feed(lab, () -> AdvisorModel.Said::of, model::show).shown(true);
    model.cases().addListener((ListChangeListener<Advice>) change -> count());
    model.onProperty().subscribe(on -> count());
  }

  @Override
  public void shown(boolean shown) {
    // It is kept up to date anyway.
  }

  private void count() {
    List<Advice> cases = model.cases();
    long errors = cases.stream().filter(one -> one.rule().severity() == Severity.ERROR).count();
    setFigures(
        model.onProperty().get() ? Phrase.of("advisor.figures", errors) : Phrase.of("advisor.off"));
    setMarks(
        cases.isEmpty()
            ? List.of()
            : List.of(
                new Mark(
                    errors > 0 ? Role.BAD : Role.WARN,
                    "",
                    Phrase.of("advisor.cases", cases.size()))));
  }

  @Override
  protected Parent build() {
    var list = new ListView<>(model.cases());
    list.setId("advisor-list");
    list.getStyleClass().addAll("advice-list");
    list.setCellFactory(view -> new AdviceCell(model, texts()));
    model.onProperty().subscribe(on -> list.setPlaceholder(on ? nothing : away));
    texts().localeProperty().subscribe(locale -> list.refresh());
    var bar = new FlowPane(lookOn(), review());
    bar.getStyleClass().add("view-bar");
    bar.setHgap(12);
    var pane = new BorderPane(list);
    pane.setTop(bar);
    return pane;
  }

  private CheckBox lookOn() {
    var box = box("advisor-on");
    model.onProperty().subscribe(box::setSelected);
    box.setOnAction(event -> model.ask(box.isSelected()));
    return box;
  }

  private CheckBox review() {
    var box = box("advisor-review");
    box.selectedProperty().bindBidirectional(model.reviewingProperty());
    return box;
  }

  private CheckBox box(String id) {
    var box = new CheckBox();
    box.setId(id);
    box.textProperty().bind(texts().observe("advisor." + id));
    box.setMinWidth(Region.USE_PREF_SIZE);
    return box;
  }

  @Override
  public TextTable text() {
    return new TextTable(
        List.of("rule", "severity", "command", "count", "text", "source"),
        model.cases().stream()
            .map(
                one ->
                    List.of(
                        one.rule().id(),
                        one.rule().severity().word(),
                        Integer.toString(one.step()),
                        Integer.toString(one.count()),
                        texts().in(one.sentence()),
                        one.rule().source()))
            .toList());
  }
}
