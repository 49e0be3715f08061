package org.iommulab.ui.casefile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.iommulab.evidence.casefile.CaseExplanation;
import org.iommulab.evidence.casefile.Whereabouts;
import org.iommulab.evidence.diagnosis.Finding;
import org.iommulab.evidence.log.FaultTally;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** Why: the sentence, the facts it rests on, what to check, what to try, what not to do. */
final class ReasonCard {

  private static final int MOST_FACTS = 14;

  private final CaseModel model;
  private final Texts texts;
  private final Consumer<Finding.Evidence> follow;
  private final VBox parts = new VBox();
  private final ScrollPane scroll = new ScrollPane(parts);

  ReasonCard(CaseModel model, Texts texts, Consumer<Finding.Evidence> follow) {
    this.model = model;
    this.texts = texts;
    this.follow = follow;
    parts.setId("case-details");
    parts.getStyleClass().add("case-card");
    scroll.setId("case-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setMinSize(0, 0);
    scroll.getStyleClass().add("plain-scroll");
  }

  Region node() {
    return scroll;
  }

  private boolean isChinese() {
    return texts.isChinese();
  }

  void fill() {
    var all = new ArrayList<Node>();
    Finding finding = model.findingProperty().get();
    CaseModel.Shown shown = model.openedProperty().get();
    if (finding == null) {
      all.add(CaseParts.words(texts.get("case.no-log"), "muted"));
    } else if (shown != null) {
      explain(finding, shown.explained(), all);
    }
    parts.getChildren().setAll(all);
    scroll.setVvalue(0);
  }

  private void explain(Finding finding, CaseExplanation explained, List<Node> all) {
    Label sentence = CaseParts.words(finding.sentence(isChinese()), "case-sentence");
    sentence.setId("case-sentence");
    all.add(sentence);
    all.add(under(finding, explained));
    all.add(facts(finding, explained));
    points(all, "case.check", finding.check(isChinese()), false);
    points(all, "case.try", finding.advice(isChinese()), false);
    points(all, "case.not", finding.warnings(isChinese()), true);
  }

  /** How sure it is, and where the request went. */
  private Node under(Finding finding, CaseExplanation explained) {
    var line = new FlowPane(8, 4);
    line.getStyleClass().add("case-under");
    Role role =
        switch (finding.confidence()) {
          case HIGH -> Role.OK;
          case MEDIUM -> Role.WARN;
          case LOW -> Role.MUTED;
        };
    String sure = finding.confidence().name().toLowerCase(Locale.ROOT);
    line.getChildren().add(new Chip(texts.get("case.sure." + sure), role));
    var words = new Label(place(explained));
    words.getStyleClass().addAll("mono", "muted");
    words.setWrapText(true);
    line.getChildren().add(words);
    return line;
  }

  private String place(CaseExplanation explained) {
    FaultTally tally = model.chosenProperty().get();
    if (tally == null) {
      return "";
    }
    LogFault fault = tally.first();
    var parts = new ArrayList<String>();
    walk(explained, fault)
        .filter(found -> found.domain() >= 0)
        .ifPresent(found -> parts.add(texts.get("case.domain", Hex.plain(found.domain(), 2))));
    Integer code = fault.reason().code();
    if (code != null) {
      String words = fault.reason().full() != null ? fault.reason().full() : fault.reason().text();
      parts.add(texts.get("case.reason", Hex.plain(code, 2), words == null ? "" : words).strip());
    }
    parts.add(
        fault.pasid() == null
            ? texts.get("case.pasid.none")
            : texts.get("case.pasid", Hex.plain(fault.pasid())));
    return String.join(" · ", parts);
  }

  private static java.util.Optional<Whereabouts> walk(CaseExplanation explained, LogFault fault) {
    return explained.walks().stream()
        .filter(walk -> walk.fault() == fault)
        .map(CaseExplanation.Walk::found)
        .findFirst();
  }

  /** Each fact with the place it stands at; a click goes there. */
  private Node facts(Finding finding, CaseExplanation explained) {
    var box = new VBox();
    box.setId("case-facts");
    box.getStyleClass().add("case-facts");
    int number = 0;
    for (Finding.Evidence evidence : finding.evidence().stream().limit(MOST_FACTS).toList()) {
      box.getChildren().add(fact(evidence, explained, number++));
    }
    box.setVisible(number > 0);
    box.setManaged(number > 0);
    return box;
  }

  private Node fact(Finding.Evidence evidence, CaseExplanation explained, int number) {
    var flow = new TextFlow();
    var words = new Text(texts.in(evidence.text()) + "  ");
    words.getStyleClass().add("case-fact");
    flow.getChildren().add(words);
    String place = place(evidence, explained);
    if (!place.isEmpty()) {
      var link = new Hyperlink(place);
      link.setId("case-fact-" + number);
      link.getStyleClass().add("case-link");
      link.setOnAction(
          event -> {
            link.setVisited(false);
            follow.accept(evidence);
          });
      flow.getChildren().add(link);
    }
    return flow;
  }

  /** {@code dmesg.txt:88}, without the folders in front. */
  private static String place(Finding.Evidence evidence, CaseExplanation explained) {
    String log = explained.log().map(KernelLog::name).orElse("");
    String file = evidence.source().isEmpty() ? log : evidence.source();
    int slash = file.lastIndexOf('/');
    String shorter = slash < 0 ? file : file.substring(slash + 1);
    return evidence.line() > 0 ? shorter + ":" + evidence.line() : shorter;
  }

  private void points(List<Node> all, String key, List<String> points, boolean faint) {
    if (points.isEmpty()) {
      return;
    }
    var flow = new TextFlow();
    flow.getStyleClass().add("case-points");
    var lead = new Text(texts.get(key) + "  ");
    lead.getStyleClass().addAll("case-fact", "strong");
    flow.getChildren().add(lead);
    String between = texts.in(new Bilingual("; ", "；"));
    @Nullable String before = null;
    var words = new StringBuilder();
    for (String point : points) {
      words.append(before == null ? "" : between).append(point);
      before = point;
    }
    var text = new Text(words.append(texts.in(new Bilingual(".", "。"))).toString());
    text.getStyleClass().add(faint ? "case-faint" : "case-fact");
    flow.getChildren().add(text);
    all.add(flow);
  }
}
