package org.iommulab.ui.casefile;

import java.util.List;
import java.util.Locale;
import javafx.beans.binding.Bindings;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.iommulab.evidence.trace.Event;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.RowTable;
import org.jspecify.annotations.Nullable;

/**
 * A trace: a filter, the events over time and in a table; what is chosen in one is in the other.
 */
final class TracePart {

  private final Texts texts;
  private final ObservableList<Event> events = FXCollections.observableArrayList();
  private final RowTable<Event> table;
  private final ComboBox<Trace> choice = new ComboBox<>();
  private final TextField filter = new TextField();
  private final TraceLine line;
  private final Label counts = CaseParts.words("", "muted", "small", "case-note");
  private final FlowPane legend = new FlowPane(10, 2);
  private final VBox box = new VBox();
  private @Nullable Trace trace;

  TracePart(Texts texts) {
    this.texts = texts;
    table = new RowTable<>("trace", texts);
    line = new TraceLine(texts, this::choose);
    table
        .column("line", 50, event -> Figure.of(Long.toString(event.line())))
        .column("time", 84, event -> Figure.of(time(event)))
        .column("event", 120, event -> Figure.of(event.name(), role(event.type())))
        .column("device", 64, event -> Figure.of(event.device() == null ? "" : event.device()))
        .column("iova", 96, event -> Figure.of(event.iova() == null ? "" : Hex.group(event.iova())))
        .column("size", 64, event -> Figure.of(event.size() == null ? "" : Hex.size(event.size())))
        .rowIds(event -> Long.toString(event.line()))
        .emptyText("view.trace.empty");
    table.setItems(events);
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener((observed, before, event) -> line.mark(event));
    table.setMinSize(0, 0);
    VBox.setVgrow(table, Priority.ALWAYS);
    VBox.setVgrow(box, Priority.ALWAYS);
    box.setMinSize(0, 0);
    choice.setId("trace-choice");
    choice.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(@Nullable Trace one) {
            return one == null ? "" : one.name();
          }

          @Override
          public @Nullable Trace fromString(String name) {
            return null;
          }
        });
    choice.setMaxWidth(Double.MAX_VALUE);
    choice.setMinHeight(Region.USE_PREF_SIZE);
    Node chooser = CaseParts.bar(choice);
    chooser.visibleProperty().bind(Bindings.size(choice.getItems()).greaterThan(1));
    chooser.managedProperty().bind(chooser.visibleProperty());
    choice.valueProperty().subscribe(this::shown);
    filter.setId("trace-filter");
    filter.getStyleClass().addAll("small-field", "mono");
    filter.promptTextProperty().bind(texts.observe("case.trace.filter"));
    filter.textProperty().subscribe(text -> refresh());
    legend.getStyleClass().add("trace-legend");
    for (Event.Type type :
        List.of(Event.Type.MAP, Event.Type.UNMAP, Event.Type.FLUSH, Event.Type.FAULT)) {
      var word = new Label();
      word.textProperty().bind(texts.observe("case.trace.legend." + type.word()));
      word.getStyleClass().addAll("toned", "small", tone(type).styleClass());
      legend.getChildren().add(word);
    }
    box.getChildren().setAll(chooser, CaseParts.bar(filter), line, legend, counts, table);
  }

  Node node() {
    return box;
  }

  @Nullable Trace trace() {
    return trace;
  }

  /** Offers the traces of a case; the one on show stays there if it is among them. */
  void offer(List<Trace> traces) {
    Trace before = trace;
    choice.getItems().setAll(traces);
    Trace first = traces.isEmpty() ? null : traces.getFirst();
    choice.setValue(before != null && traces.contains(before) ? before : first);
    shown(choice.getValue());
  }

  private void shown(@Nullable Trace wanted) {
    trace = wanted;
    refresh();
  }

  /** Brings a line of a trace into view. */
  void show(Trace wanted, long number) {
    choice.setValue(wanted);
    filter.setText("");
    events.stream().filter(event -> event.line() == number).findFirst().ifPresent(this::choose);
  }

  private void choose(Event event) {
    int index = events.indexOf(event);
    if (index >= 0) {
      table.getSelectionModel().clearAndSelect(index);
      table.bring(index, 3);
    }
  }

  private void refresh() {
    Trace now = trace;
    List<String> wanted = List.of(filter.getText().strip().toLowerCase(Locale.ROOT).split("\\s+"));
    events.setAll(
        now == null
            ? List.of()
            : now.events().stream()
                .filter(event -> wanted.stream().allMatch(word -> holds(event, word)))
                .toList());
    line.show(events);
    counts.setText(
        now == null
            ? ""
            : texts.get(
                "case.trace.figures",
                events.size(),
                now.total(),
                now.mappings().openCount(),
                now.mappings().unflushed().size(),
                now.mappings().faultCount()));
  }

  /** A word may be in any column; a device shows its own events. */
  private static boolean holds(Event event, String wanted) {
    if (wanted.isEmpty()) {
      return true;
    }
    String iova = event.iova() == null ? "" : Hex.script(event.iova());
    return event.name().contains(wanted)
        || event.type().word().equals(wanted)
        || event.device() != null && event.device().contains(wanted)
        || iova.contains(wanted)
        || event.text().toLowerCase(Locale.ROOT).contains(wanted);
  }

  private static String time(Event event) {
    return Double.isNaN(event.seconds()) ? "" : String.format(Locale.ROOT, "%.6f", event.seconds());
  }

  private static @Nullable Role role(Event.Type type) {
    Role tone = tone(type);
    return tone == Role.MUTED ? null : tone;
  }

  /** The colours of the time line, for words. */
  private static Role tone(Event.Type type) {
    return switch (type) {
      case FAULT -> Role.BAD;
      case MAP -> Role.OK;
      case UNMAP -> Role.WARN;
      case FLUSH -> Role.ACCENT;
      case USE, ATTACH, BOUNCE, OTHER -> Role.MUTED;
    };
  }
}
