package org.iommulab.ui.program;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;
import org.iommulab.lab.language.Reading;
import org.iommulab.linux.boot.Era;
import org.iommulab.peer.exec.ProgramMachine;
import org.iommulab.ui.Texts;
import org.iommulab.ui.settings.Settings;
import org.iommulab.words.Bilingual;

/** Which program to run, on which machine. */
final class ProgramCard extends VBox {

  private static final String COMMAND = "program.command";
  private static final int COLUMNS = 46;

  private final Consumer<Order> runner;
  private final Texts texts;
  private final Settings settings;
  private final Runnable close;
  private final TextField command = new TextField();
  private final TextField machine = new TextField();
  private final ComboBox<String> era = new ComboBox<>();
  private final TextField record = new TextField();
  private final CheckBox closed = new CheckBox();
  private final Label problem = new Label();

  ProgramCard(Consumer<Order> runner, Texts texts, Settings settings, Runnable close) {
    this.runner = runner;
    this.texts = texts;
    this.settings = settings;
    this.close = close;
    setId("program-form");
    getStyleClass().addAll("floating", "form-card");
    var title = new Label(texts.get("program.title"));
    title.getStyleClass().add("strong");
    command.setId("program-command-field");
    command.getStyleClass().add("mono");
    command.setPrefColumnCount(COLUMNS);
    command.setText(settings.text(COMMAND, ""));
    command.setPromptText("qemu-system-x86_64 -device vfio-pci,host=0000:00:03.0");
    machine.setId("program-machine-field");
    machine.setPromptText(texts.get("program.machine-as-it-is"));
    era.setId("program-era-field");
    era.getItems().setAll(eras());
    era.setValue(ProgramMachine.ERA);
    record.setId("program-record-field");
    record.setPromptText(texts.get("program.record-nowhere"));
    closed.setId("program-closed-field");
    closed.setText(texts.get("program.closed"));
    closed.setSelected(settings.flag("program.closed", false));
    problem.setId("program-problem");
    problem.getStyleClass().add("form-problem");
    problem.setWrapText(true);
    problem.setMinHeight(Region.USE_PREF_SIZE);
    problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
    problem.managedProperty().bind(problem.visibleProperty());
    var run = new Button(texts.get("program.run"));
    run.setId("program-run");
    run.setDefaultButton(true);
    run.setOnAction(event -> run());
    var cancel = new Button(texts.get("form.close"));
    cancel.setId("program-close");
    cancel.setCancelButton(true);
    cancel.setOnAction(event -> close.run());
    getChildren().addAll(title, grid(), problem, new HBox(8, run, cancel));
  }

  private static List<String> eras() {
    var names = new ArrayList<String>();
    for (Era one : Era.values()) {
      names.addFirst(one.version());
    }
    return names;
  }

  private GridPane grid() {
    var grid = new GridPane(12, 8);
    grid.getColumnConstraints().addAll(new ColumnConstraints(), growing());
    grid.addRow(0, name("program.command-line", command), command);
    grid.addRow(1, name("program.machine", machine), withChooser(machine, false));
    grid.addRow(2, name("program.era", era), era);
    grid.addRow(3, name("program.record", record), withChooser(record, true));
    grid.add(closed, 1, 4);
    return grid;
  }

  private static ColumnConstraints growing() {
    var column = new ColumnConstraints();
    column.setHgrow(Priority.ALWAYS);
    return column;
  }

  private Label name(String key, Node of) {
    var name = new Label(texts.get(key));
    name.getStyleClass().add("muted");
    name.setMinWidth(Region.USE_PREF_SIZE);
    name.setLabelFor(of);
    return name;
  }

  private HBox withChooser(TextField field, boolean saves) {
    var choose = new Button(texts.get("program.choose"));
    choose.setMinWidth(Region.USE_PREF_SIZE);
    choose.setOnAction(
        event -> {
          var chooser = new FileChooser();
          File chosen =
              saves
                  ? chooser.showSaveDialog(getScene().getWindow())
                  : chooser.showOpenDialog(getScene().getWindow());
          if (chosen != null) {
            field.setText(chosen.getPath());
          }
        });
    HBox.setHgrow(field, Priority.ALWAYS);
    return new HBox(8, field, choose);
  }

  /** Puts the keyboard into the first field. */
  void start() {
    command.requestFocus();
    command.selectAll();
  }

  private void run() {
    switch (Order.read(
        command.getText(),
        machine.getText(),
        era.getValue(),
        record.getText(),
        closed.isSelected())) {
      case Reading.Bad<Order>(Bilingual key) -> problem.setText(texts.get(key.english()));
      case Reading.Good<Order>(Order order) -> {
        settings.put(COMMAND, command.getText());
        settings.put("program.closed", closed.isSelected());
        settings.save();
        close.run();
        runner.accept(order);
      }
    }
  }
}
