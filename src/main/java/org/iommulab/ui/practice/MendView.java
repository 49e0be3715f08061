package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TitledPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.course.mend.Ailment;
import org.iommulab.course.mend.Probe;
import org.iommulab.course.mend.Verdict;
import org.iommulab.ui.Texts;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.prose.Prose;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.words.Bilingual;

/** A broken driver: its symptom, its script to be mended, what the judge says. */
@Singleton
public final class MendView extends PracticePage<MendModel.Case> {

  private static final KeyCombination JUDGE =
      new KeyCodeCombination(KeyCode.ENTER, KeyCombination.SHORTCUT_DOWN);

  /** Share of the width that the words get. */
  private static final double WORDS = 0.4;

  private final MendModel model;
  private final VBox words = new VBox();
  private final VBox verdict = new VBox();
  private final TextArea script = new TextArea();

  @Inject
  public MendView(MendModel model, LearnModel learn, StageModel stage, Texts texts) {
    super("mend", model, learn, stage, texts);
    this.model = model;
    build(split());
    node().addEventFilter(KeyEvent.KEY_PRESSED, this::key);
  }

  private Node split() {
    var left = scrolling(words, "words");
    script.setId("mend-script");
    script.getStyleClass().addAll("mono", "practice-script");
    script.textProperty().bindBidirectional(model.scriptProperty());
    script.setWrapText(true);
    VBox.setVgrow(script, Priority.ALWAYS);
    verdict.setId("mend-verdict");
    verdict.getStyleClass().add("practice-verdict");
    var right = new VBox(script, buttons(), verdict);
    right.getStyleClass().add("practice-work");
    right.setMinSize(0, 0);
    var split = new SplitPane(left, right);
    split.setDividerPositions(WORDS);
    return split;
  }

  private Node buttons() {
    Button judge = PageTop.button(texts, "mend-judge", "practice.judge", model::judge);
    judge.getStyleClass().add("primary");
    var line =
        new FlowPane(
            judge,
            PageTop.button(texts, "mend-build", "practice.try", model::build),
            PageTop.button(texts, "mend-restart", "practice.restart", model::restart),
            PageTop.button(texts, "mend-why", "practice.why", model::explain));
    line.getStyleClass().add("practice-buttons");
    line.setMinHeight(Region.USE_PREF_SIZE);
    return line;
  }

  @Override
  public void shown(boolean shown) {
    if (shown) {
      script.requestFocus();
    }
  }

  private void key(KeyEvent event) {
    if (JUDGE.match(event)) {
      model.judge();
      event.consume();
    }
  }

  @Override
  Bilingual title(MendModel.Case now) {
    return now.ailment().title();
  }

  @Override
  void fill(MendModel.Case now) {
    Ailment ailment = now.ailment();
    boolean mended = now.verdict().filter(Verdict::passes).isPresent();
    words.getChildren().setAll(prose("lecture-note", texts.in(ailment.symptom())));
    for (Map.Entry<String, Object> seen : now.symptom().entrySet()) {
      words
          .getChildren()
          .add(
              wrapped(
                  texts.get(
                      mended ? "practice.was" : "practice.seen", seen.getKey(), seen.getValue()),
                  "mono"));
    }
    words.getChildren().add(prose("lecture-ask", texts.in(ailment.question())));
    words.getChildren().add(wrapped(texts.get("practice.limit", ailment.limit()), "muted"));
    if (now.explained() || mended) {
      Prose why = prose("lecture-why", texts.in(ailment.why()));
      why.setId("mend-reason");
      words.getChildren().add(why);
      words.getChildren().add(wrapped(texts.get("practice.source", ailment.source()), "muted"));
    }
    words
        .getChildren()
        .addAll(
            lines("mend-setup", "practice.before", ailment.setup()),
            lines(
                "mend-trial",
                "practice.after",
                ailment.trial().stream().map(this::spoken).toList()));
    verdict.getChildren().clear();
    now.verdict().ifPresent(this::say);
  }

  private String spoken(Probe probe) {
    return switch (probe) {
      case Probe.Act(var command) -> command.toJson();
      case Probe.Check check ->
          texts.get("practice.check", check.path(), String.valueOf(check.well()));
    };
  }

  private static Prose prose(String styleClass, String text) {
    var prose = new Prose(styleClass);
    prose.show(text);
    return prose;
  }

  private static Label wrapped(String text, String... styleClasses) {
    var label = new Label(text);
    label.setWrapText(true);
    label.setMinWidth(0);
    label.setMinHeight(Region.USE_PREF_SIZE);
    label.getStyleClass().addAll(styleClasses);
    return label;
  }

  /** Lines that stay as they are, folded away until somebody wants to see them. */
  private TitledPane lines(String id, String key, List<String> lines) {
    var box = new VBox();
    lines.forEach(line -> box.getChildren().add(wrapped(line, "mono")));
    box.getStyleClass().add("practice-given");
    var pane = new TitledPane(texts.get(key, lines.size()), box);
    pane.setId(id);
    pane.setExpanded(false);
    pane.setAnimated(false);
    return pane;
  }

  private void say(Verdict said) {
    var lines = verdict.getChildren();
    var whole = wrapped(texts.get(said.passes() ? "practice.mended" : "practice.not-mended"));
    whole.setId("mend-result");
    whole.getStyleClass().addAll("strong", said.passes() ? "practice-right" : "practice-wrong");
    lines.add(whole);
    boolean some = said.changedLines() > 0;
    boolean few = said.changedLines() <= said.allowedLines();
    var points =
        new FlowPane(
            point(said.symptomGone(), texts.get("practice.gone")),
            point(said.invariantsHold(), texts.get("practice.hold")),
            point(said.nothingElseChanged(), texts.get("practice.else")),
            point(said.advisorContent(), texts.get("practice.content")),
            point(
                some && few,
                texts.get("practice.lines", said.changedLines(), said.allowedLines())));
    points.getStyleClass().add("practice-buttons");
    lines.add(points);
    said.reasons().forEach(reason -> lines.add(wrapped("• " + texts.in(reason))));
  }

  private static Label point(boolean holds, String text) {
    var label = new Label((holds ? "✓ " : "✕ ") + text);
    label.getStyleClass().add(holds ? "practice-right" : "practice-wrong");
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }
}
