package org.iommulab.ui.advisor;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.advice.Evidence;
import org.iommulab.lab.advice.Severity;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/** One case: rule, sentence, and what shows it; the chosen one also with its source and fix. */
final class AdviceCell extends ListCell<Advice> {

  private final AdvisorModel model;
  private final Texts texts;
  private final VBox box = new VBox();

  AdviceCell(AdvisorModel model, Texts texts) {
    this.model = model;
    this.texts = texts;
    getStyleClass().add("advice-cell");
    box.getStyleClass().add("advice-case");
    box.setMinWidth(0);
    // As wide as the list, so that sentences wrap.
    setPrefWidth(0);
    selectedProperty().subscribe(chosen -> fill(getItem()));
  }

  @Override
  protected void updateItem(@Nullable Advice advice, boolean empty) {
    super.updateItem(advice, empty);
    fill(empty ? null : advice);
  }

  private void fill(@Nullable Advice advice) {
    box.getChildren().clear();
    if (advice == null) {
      setId(null);
      setGraphic(null);
      setAccessibleText(null);
      return;
    }
    setId(Ids.of("advice-" + advice.rule().id() + "-" + advice.step()));
    String sentence = texts.in(advice.sentence());
    box.getChildren().addAll(head(advice), wrapped(sentence));
    box.getChildren().add(evidence(advice));
    if (isSelected()) {
      box.getChildren().add(wrapped(texts.get("advisor.source", advice.rule().source()), "muted"));
      box.getChildren().addAll(fix(advice));
    }
    setGraphic(box);
    setAccessibleText(advice.rule().id() + " " + sentence);
  }

  static Role role(Advice advice) {
    return advice.rule().severity() == Severity.ERROR
        ? Role.BAD
        : advice.rule().severity() == Severity.WARN ? Role.WARN : Role.MUTED;
  }

  private Node head(Advice advice) {
    var title = new Label(texts.in(advice.rule().title()));
    title.getStyleClass().add("strong");
    title.setWrapText(true);
    title.setMinWidth(0);
    var line = new HBox(new Chip(advice.rule().id(), role(advice)), title);
    if (advice.count() > 1) {
      var count = new Label("× " + advice.count());
      count.getStyleClass().add("muted");
      count.setMinWidth(Region.USE_PREF_SIZE);
      line.getChildren().add(count);
    }
    line.setAlignment(Pos.CENTER_LEFT);
    line.getStyleClass().add("advice-line");
    return line;
  }

  private static Label wrapped(String words, String... styleClasses) {
    var label = new Label(words);
    label.setWrapText(true);
    label.setMinWidth(0);
    label.setMinHeight(Region.USE_PREF_SIZE);
    label.getStyleClass().addAll(styleClasses);
    return label;
  }

  private Node evidence(Advice advice) {
    var line = new FlowPane();
    line.getStyleClass().add("advice-line");
    int number = 0;
    for (Evidence one : advice.evidence()) {
      var link = new Hyperlink(EvidenceWords.of(texts, one));
      link.setId(Ids.of("advice-evidence-" + advice.rule().id() + "-" + number++));
      link.setOnAction(event -> model.select(one));
      line.getChildren().add(link);
    }
    return line;
  }

  private List<Node> fix(Advice advice) {
    var nodes = new ArrayList<Node>();
    if (advice.fix().isEmpty()) {
      nodes.add(wrapped(texts.get("advisor.no-fix"), "muted"));
      return nodes;
    }
    for (String line : advice.fix()) {
      nodes.add(wrapped(line, "mono", "small"));
    }
    var button = new Button(texts.get("advisor.fix"));
    button.setId(Ids.of("advice-fix-" + advice.rule().id()));
    button.getStyleClass().add("small-button");
    button.setMnemonicParsing(false);
    button.setOnAction(event -> model.fix(advice));
    nodes.add(button);
    return nodes;
  }
}
