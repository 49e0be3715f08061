package org.iommulab.ui.view.calls;

import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import org.iommulab.trace.CallFrame;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Tips;
import org.iommulab.ui.view.part.OutlineArrow;
import org.jspecify.annotations.Nullable;

/** One call: arrow, function, key arguments, result, what it did, what went wrong. */
final class CallCell extends ListCell<CallRow> {

  /** Chains of calls are deep and their pane is narrow. */
  private static final double INDENT = 8;

  private final Texts texts;
  private final Consumer<CallRow> toggle;
  private final HBox line = new HBox(6);

  CallCell(Texts texts, Consumer<CallRow> toggle) {
    this.texts = texts;
    this.toggle = toggle;
    line.setAlignment(Pos.CENTER_LEFT);
    getStyleClass().add("call-cell");
    Tips.on(this, () -> getItem() == null ? "" : details(getItem()));
  }

  @Override
  protected void updateItem(@Nullable CallRow row, boolean empty) {
    super.updateItem(row, empty);
    line.getChildren().clear();
    if (row == null || empty) {
      setId(null);
      setGraphic(null);
      setAccessibleText(null);
      return;
    }
    setId(Ids.of("calls-row-" + row.key()));
    CallFrame frame = row.frame();
    var arrow = new OutlineArrow(row, INDENT, () -> toggle.accept(row));
    arrow.setArrowId("calls-arrow-" + row.key());
    line.getChildren().add(arrow);
    add(frame.function(), "call-function");
    if (row.isFold()) {
      add("× " + row.times(), "call-times");
    }
    addMarks(row);
    add(CallText.arguments(frame), "muted");
    addResult(row);
    add(String.join(" · ", frame.effects()), "muted");
    setGraphic(line);
    setAccessibleText(texts.get("view.calls.level", row.depth() + 1) + " " + details(row));
  }

  /** Errors and writes come before the arguments: they must be seen in a narrow pane too. */
  private void addMarks(CallRow row) {
    CallFrame frame = row.frame();
    if (row.raised()) {
      line.getChildren().add(new Chip("✕ " + frame.errno(), Role.BAD));
      add(frame.cause() == null ? "" : frame.cause(), "call-failed");
    }
    String written = CallText.written(frame);
    if (!written.isEmpty()) {
      line.getChildren().add(new Chip(texts.get("view.calls.writes", written), Role.CHANGED));
    }
  }

  private void addResult(CallRow row) {
    CallFrame frame = row.frame();
    String result = CallText.result(frame);
    boolean said = row.raised() || (result.equals("= 0") && row.depth() > 1);
    add(said ? "" : result, frame.errno() == null ? "muted" : "call-failed");
  }

  private void add(String text, String styleClass) {
    if (!text.isEmpty()) {
      var label = new Label(text);
      label.getStyleClass().add(styleClass);
      label.setMinWidth(Label.USE_PREF_SIZE);
      line.getChildren().add(label);
    }
  }

  private static String details(CallRow row) {
    CallFrame frame = row.frame();
    var text = new StringBuilder(frame.function());
    if (row.isFold()) {
      text.append(" × ").append(row.times());
    }
    append(text, CallText.allArguments(frame));
    append(text, String.join("\n", frame.effects()));
    append(text, CallText.result(frame));
    append(text, frame.cause() == null ? "" : frame.cause());
    return text.toString();
  }

  private static void append(StringBuilder text, String part) {
    if (!part.isEmpty()) {
      text.append('\n').append(part);
    }
  }
}
