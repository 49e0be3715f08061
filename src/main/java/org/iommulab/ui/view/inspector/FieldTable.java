package org.iommulab.ui.view.inspector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.collections.ListChangeListener;
import javafx.css.PseudoClass;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.iommulab.bits.Field;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/** Name, value and meaning of every field, and whether all reserved bits are zero. */
final class FieldTable extends GridPane {

  /** Characters of a value that leaves room for its meaning in the third column. */
  private static final int NARROW = 4;

  private static final PseudoClass LIT = PseudoClass.getPseudoClass("lit");

  private final InspectorModel model;
  private final Texts texts;
  private final Map<Field, List<Label>> lines = new HashMap<>();

  FieldTable(InspectorModel model, Texts texts) {
    this.model = model;
    this.texts = texts;
    setId("inspector-fields");
    getStyleClass().add("field-table");
    var name = new ColumnConstraints();
    name.setMinWidth(Region.USE_PREF_SIZE);
    var value = new ColumnConstraints();
    value.setMinWidth(Region.USE_PREF_SIZE);
    var meaning = new ColumnConstraints();
    meaning.setHgrow(Priority.ALWAYS);
    meaning.setMinWidth(40);
    getColumnConstraints().setAll(name, value, meaning);
    model.fields().addListener((ListChangeListener<FieldRow>) _ -> show());
    model.litProperty().addListener((_, _, lit) -> light(lit));
    texts.localeProperty().addListener((_, _, _) -> show());
    show();
  }

  private void light(@Nullable Field lit) {
    lines.forEach(
        (field, labels) ->
            labels.forEach(label -> label.pseudoClassStateChanged(LIT, field.equals(lit))));
  }

  /** The line of a field, if it has one. */
  Optional<Node> line(Field field) {
    return Optional.ofNullable(lines.get(field)).map(List::getFirst);
  }

  private void show() {
    getChildren().clear();
    lines.clear();
    int line = 0;
    for (FieldRow field : model.fields()) {
      addField(line++, field);
    }
    if (model.inspectedProperty().get() != null) {
      addVerdict(line);
    }
    light(model.litProperty().get());
  }

  private void addField(int line, FieldRow row) {
    var name = new Label(row.name());
    name.getStyleClass().addAll("muted", "mono", "field-name");
    var value = new Label(row.figure());
    value.getStyleClass().add("mono");
    value.setId(Ids.of("inspector-field-" + row.field().name()));
    Role role = row.role();
    if (role != null) {
      value.getStyleClass().addAll("toned", role.styleClass());
    }
    var meaning = new Label(row.meaning().in(texts));
    meaning.getStyleClass().addAll("muted", "field-meaning");
    meaning.setWrapText(true);
    if (row.figure().length() > NARROW) {
      // A wide value would squeeze the meanings of all others.
      value.setMinWidth(Region.USE_PREF_SIZE);
      var both = new HBox(value, meaning);
      both.getStyleClass().add("field-both");
      add(name, 0, line);
      add(both, 1, line, 2, 1);
    } else {
      addRow(line, name, value, meaning);
    }
    List<Label> labels = List.of(name, value, meaning);
    for (Label label : labels) {
      label.setOnMouseEntered(_ -> model.light(row.field()));
      label.setOnMouseExited(_ -> model.light(null));
      label.setOnMouseClicked(_ -> model.toggle(row.field()));
      GridPane.setValignment(label, VPos.TOP);
    }
    lines.put(row.field(), labels);
  }

  private void addVerdict(int line) {
    var name = new Label(texts.get("view.inspector.reserved"));
    name.getStyleClass().addAll("muted", "mono");
    var broken = new ArrayList<String>();
    model.violations().forEach(row -> broken.add(row.name()));
    var verdict =
        broken.isEmpty()
            ? new Chip("✓ " + texts.get("view.inspector.valid"), Role.OK)
            : new Chip(
                "✕ " + texts.get("view.inspector.violated", String.join(", ", broken)), Role.BAD);
    verdict.setId("inspector-reserved");
    var value = new Label(broken.isEmpty() ? "0" : "");
    value.getStyleClass().add("mono");
    addRow(line, name, value, verdict);
  }
}
