package org.iommulab.ui.journal;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.Slider;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.lab.JournalEntry;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.LabPane;
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
      ListView<JournalEntry> list = list();
      VBox.setVgrow(list, Priority.ALWAYS);
      node = new VBox(slider(), list, new Console(consoleModel, texts));
      node.getStyleClass().add("journal");
    }
    return node;
  }

  private ListView<JournalEntry> list() {
    var list = new ListView<>(model.entries());
    list.setId("journal-list");
    list.setCellFactory(view -> new JournalCell(model.positionProperty()));
    var empty = new Label();
    empty.getStyleClass().add("hint");
    empty.textProperty().bind(texts.observe("journal.empty"));
    list.setPlaceholder(empty);
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            entry -> {
              if (entry != null) {
                selection.select(new Selected.JournalLine(entry.index()));
              }
            });
    list.setOnMouseClicked(
        event -> {
          JournalEntry entry = list.getSelectionModel().getSelectedItem();
          if (event.getClickCount() == 2 && entry != null) {
            model.rewind(entry.index() + 1);
          }
        });
    selection.selectedProperty().subscribe(thing -> follow(list, thing));
    model
        .positionProperty()
        .subscribe(position -> list.scrollTo(Math.max(0, position.intValue() - 1)));
    return list;
  }

  /** Shows the command that was chosen elsewhere. */
  private static void follow(ListView<JournalEntry> list, Selected thing) {
    if (thing instanceof Selected.JournalLine(int index)
        && index < list.getItems().size()
        && list.getSelectionModel().getSelectedIndex() != index) {
      list.getSelectionModel().select(index);
      list.scrollTo(index);
    }
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
    var tip = new Tooltip();
    tip.textProperty().bind(texts.observe("journal.slider"));
    slider.setTooltip(tip);
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
