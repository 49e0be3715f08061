package org.iommulab.ui.journal;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import javafx.beans.Observable;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Role;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Tips;
import org.iommulab.ui.VirtualTime;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.jspecify.annotations.Nullable;

/** Every command with its result; a slider goes back and forth, a console takes the next one. */
@Singleton
final class JournalPane implements LabPane {

  private final JournalModel model;
  private final ConsoleModel consoleModel;
  private final Selection selection;
  private final Texts texts;
  private @Nullable VBox node;

  @Inject
  JournalPane(JournalModel model, ConsoleModel consoleModel, Selection selection, Texts texts) {
    this.model = model;
    this.consoleModel = consoleModel;
    this.selection = selection;
    this.texts = texts;
  }

  @Override
  public String id() {
    return "journal";
  }

  @Override
  public String titleKey() {
    return "pane.journal";
  }

  @Override
  public Place place() {
    return Place.BOTTOM;
  }

  @Override
  public int order() {
    return 90;
  }

  @Override
  public TextTable text() {
    return new TextTable(
        List.of("number", "ns", "command", "result"),
        model.entries().stream()
            .map(
                entry ->
                    List.of(
                        Integer.toString(entry.index()),
                        Long.toString(entry.timeNs()),
                        entry.command().toJson(),
                        entry.resultJson()))
            .toList());
  }

  @Override
  public void shown(boolean shown) {
    model.setShown(shown);
  }

  @Override
  public ObservableValue<String> figures() {
    return Bindings.createStringBinding(
        () -> texts.get("journal.figures", model.positionProperty().get(), model.entries().size()),
        model.positionProperty(),
        model.entries(),
        texts.localeProperty());
  }

  @Override
  public Node node() {
    if (node == null) {
      RowTable<JournalRow> table = table();
      VBox.setVgrow(table, Priority.ALWAYS);
      node = new VBox(slider(), table, new Console(consoleModel, texts));
      node.getStyleClass().add("journal");
    }
    return node;
  }

  private RowTable<JournalRow> table() {
    var table = new RowTable<JournalRow>("journal", texts);
    table
        .outline("number", 84, JournalPane::number, model::toggle)
        .column("time", 88, row -> Figure.of(VirtualTime.words(row.entry().timeNs()), Role.MUTED))
        .column("command", 420, JournalPane::command)
        .column("result", 320, row -> Figure.of(result(row), Role.MUTED))
        .keepsInSight(1)
        .rowIds(JournalRow::key)
        .faintWhen(row -> row.entry().index() >= model.positionProperty().get())
        .emptyText("journal.empty");
    table.setItems(model.rows());
    table
        .getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            row -> {
              if (row != null) {
                selection.select(new Selected.JournalLine(row.entry().index()));
              }
            });
    table.setOnMouseClicked(
        event -> {
          JournalRow row = table.getSelectionModel().getSelectedItem();
          if (event.getClickCount() == 2 && row != null) {
            model.rewind(row.last() + 1);
          }
        });
    model
        .positionProperty()
        .subscribe(
            position -> {
              table.refresh();
              table.bring(rowOf(position.intValue() - 1), 3);
            });
    // New rows come behind the new position.
    model
        .rows()
        .addListener((Observable _) -> table.bring(rowOf(model.positionProperty().get() - 1), 3));
    return table;
  }

  private int rowOf(int index) {
    int at = 0;
    while (at + 1 < model.rows().size() && model.rows().get(at).last() < index) {
      at++;
    }
    return at;
  }

  private static Figure number(JournalRow row) {
    boolean good = row.succeeded();
    return Figure.of((good ? "✓ " : "× ") + row.entry().index(), good ? Role.OK : Role.BAD);
  }

  private static Figure command(JournalRow row) {
    return row.isFold()
        ? Figure.of(Phrase.of("view.journal.checks", row.checks(), row.failed()))
        : Figure.of(row.entry().command().toJson());
  }

  private static String result(JournalRow row) {
    return row.isFold() ? "" : row.entry().resultJson();
  }

  /** Goes to the state after so many commands; the laboratory follows while it is dragged. */
  private HBox slider() {
    var slider = new Slider();
    slider.setId("journal-slider");
    slider.setMin(0);
    slider.maxProperty().bind(Bindings.size(model.entries()));
    slider.setBlockIncrement(1);
    slider.setMajorTickUnit(1);
    slider.setMinorTickCount(0);
    slider.setSnapToTicks(true);
    model
        .positionProperty()
        .subscribe(
            position -> {
              if (!slider.isValueChanging()) {
                slider.setValue(position.doubleValue());
              }
            });
    slider
        .valueProperty()
        .subscribe(
            value -> {
              if (slider.isValueChanging() || slider.isFocused()) {
                model.rewind((int) Math.round(value.doubleValue()));
              }
            });
    Tips.on(slider, () -> texts.get("journal.slider"));
    HBox.setHgrow(slider, Priority.ALWAYS);
    var name = new Label();
    name.getStyleClass().addAll("muted", "small");
    name.textProperty().bind(texts.observe("journal.rewind"));
    name.setMinWidth(Region.USE_PREF_SIZE);
    var line = new HBox(8, name, slider);
    line.getStyleClass().add("journal-slider-line");
    return line;
  }
}
