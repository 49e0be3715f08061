package org.iommulab.ui.view.inspector;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.iommulab.bits.Field;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.lookup.FrameUse;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.Words;
import org.jspecify.annotations.Nullable;

/** Value, bits, fields, explanation and actions, from top to bottom. */
final class InspectorView extends StackPane {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final InspectorModel model;
  private final Texts texts;
  private final Consumer<FrameUse> onUse;
  private final VBox values = new VBox();
  private final Label description = Words.figures("muted", "wrapping");
  private final VBox explanation = new VBox();
  private final VBox uses = new VBox();
  private final VBox column = new VBox();
  private final ScrollPane scroll = new ScrollPane(column);
  private final FieldTable fields;
  private final EmptyNote empty;

  InspectorView(
      InspectorModel model,
      Texts texts,
      Runnable onWrite,
      Runnable onWhoMaps,
      Consumer<FrameUse> onUse) {
    this.model = model;
    this.texts = texts;
    this.onUse = onUse;
    setId("inspector-content");
    empty = new EmptyNote(texts, "view.inspector.empty");
    values.setId("inspector-value");
    description.setId("inspector-description");
    explanation.setId("inspector-explanation");
    explanation.getStyleClass().add("card");
    uses.setId("inspector-uses");
    fields = new FieldTable(model, texts);
    column.getStyleClass().add("inspector-column");
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("plain-scroll");
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    column
        .getChildren()
        .addAll(
            values,
            description,
            new BitGrid(model, texts),
            fields,
            explanation,
            actions(onWrite, onWhoMaps),
            uses);
    getChildren().addAll(scroll, empty);
    model.value().addListener((ListChangeListener<Long>) _ -> showValues());
    model.editingProperty().addListener((_, _, _) -> showValues());
    model.inspectedProperty().addListener((_, _, _) -> show());
    model.chosenProperty().addListener((_, _, field) -> bringIntoView(field));
    model.frameUsesProperty().addListener((_, _, found) -> showUses(found));
    texts.localeProperty().addListener((_, _, _) -> show());
    show();
  }

  /** Scrolls as far as it takes to see the line of a field. */
  private void bringIntoView(@Nullable Field field) {
    Node line = field == null ? null : fields.line(field).orElse(null);
    double room = scroll.getViewportBounds().getHeight();
    double rest = column.getHeight() - room;
    if (line == null || rest <= 0) {
      return;
    }
    double top = fields.localToParent(line.getBoundsInParent()).getMinY();
    double bottom = fields.localToParent(line.getBoundsInParent()).getMaxY();
    double at = scroll.getVvalue() * rest;
    if (top < at || bottom > at + room) {
      scroll.setVvalue(Math.clamp((top - room / 2) / rest, 0, 1));
    }
  }

  private Node actions(Runnable onWrite, Runnable onWhoMaps) {
    Button edit = Words.button(texts, "inspector-edit", "view.inspector.edit", model::edit);
    Button write = Words.button(texts, "inspector-write", "view.inspector.write", onWrite);
    write.getStyleClass().add("primary");
    Button cancel = Words.button(texts, "inspector-cancel", "view.inspector.cancel", model::cancel);
    Button who = Words.button(texts, "inspector-who", "view.inspector.who", onWhoMaps);
    var box = new FlowPane(6, 6);
    edit.disableProperty()
        .bind(model.inspectedProperty().map(shown -> shown.place() instanceof Inspected.Fixed));
    who.disableProperty().bind(model.inspectedProperty().map(shown -> shown.frame() < 0));
    visibleWhile(edit, false);
    visibleWhile(write, true);
    visibleWhile(cancel, true);
    // A disabled button shows no tooltip, so the box around it does.
    var editBox = new StackPane(edit);
    Words.tip(
        editBox,
        Bindings.createStringBinding(
            () ->
                model.inspectedProperty().get() instanceof Inspected shown
                        && shown.place() instanceof Inspected.Fixed fixed
                    ? fixed.reason().in(texts)
                    : texts.get("view.inspector.edit.tip"),
            model.inspectedProperty(),
            texts.localeProperty()));
    box.getChildren().addAll(editBox, write, cancel, who);
    return box;
  }

  private void visibleWhile(Node node, boolean editing) {
    var visible = editing ? model.editingProperty() : model.editingProperty().not();
    node.visibleProperty().bind(visible);
    node.managedProperty().bind(visible);
  }

  private void show() {
    Inspected shown = model.inspectedProperty().get();
    scroll.setVisible(shown != null);
    empty.setVisible(shown == null);
    if (shown != null) {
      description.setText(shown.description().in(texts));
      explanation.getChildren().clear();
      String words =
          shown.explanation().stream()
              .map(sentence -> sentence.in(texts))
              .collect(Collectors.joining(" "));
      var label = new Label(words);
      label.setWrapText(true);
      explanation.getChildren().add(label);
      explanation.setVisible(!words.isEmpty());
      explanation.setManaged(!words.isEmpty());
    }
    showValues();
    showUses(model.frameUsesProperty().get());
  }

  private void showValues() {
    if (model.editingProperty().get() && values.getChildren().size() == model.value().size()) {
      for (int i = 0; i < model.value().size(); i++) {
        Node line = values.getChildren().get(model.value().size() - 1 - i);
        if (line instanceof TextField field && !field.isFocused()) {
          field.setText(Hex.qword(model.value().get(i)));
        }
      }
      if (values.getChildren().getFirst() instanceof TextField) {
        return;
      }
    }
    values.getChildren().clear();
    for (int i = model.value().size() - 1; i >= 0; i--) {
      values.getChildren().add(model.editingProperty().get() ? field(i) : value(i));
    }
  }

  private Label value(int index) {
    var label = Words.figures("raw-value");
    label.setId("inspector-quadword-" + index);
    label.setText(Hex.qword(model.value().get(index)));
    return label;
  }

  private TextField field(int index) {
    var field = new TextField(Hex.qword(model.value().get(index)));
    field.setId("inspector-quadword-" + index);
    field.getStyleClass().addAll("mono", "small-field", "raw-value");
    field
        .textProperty()
        .addListener(
            (_, _, text) -> {
              var value = Hex.address(text);
              field.pseudoClassStateChanged(WRONG, value.isEmpty());
              if (field.isFocused()) {
                value.ifPresent(to -> model.set(index, to));
              }
            });
    return field;
  }

  private void showUses(@Nullable List<FrameUse> found) {
    uses.getChildren().clear();
    if (found == null) {
      return;
    }
    var heading = new Label(texts.get("view.inspector.uses", found.size()));
    heading.getStyleClass().add("muted");
    uses.getChildren().add(heading);
    for (FrameUse use : found) {
      String domain = Hex.plain(use.domain(), 2);
      String iova = Hex.group(use.iova());
      var link =
          new Hyperlink(Phrase.of("view.inspector.use", domain, iova, use.rights()).in(texts));
      link.setId(Ids.of("inspector-use-" + domain + "-" + Long.toHexString(use.iova())));
      link.getStyleClass().add("mono");
      link.setOnAction(_ -> onUse.accept(use));
      uses.getChildren().add(link);
    }
  }
}
