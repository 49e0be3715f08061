package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.controlsfx.control.StatusBar;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Tips;
import org.iommulab.ui.action.Actions;

/**
 * The last line: where the laboratory stands, how far long work has come, and the command just
 * given as a script line.
 */
final class StatusLine {

  /** Share of the line that the command may take, so that figures keep their room. */
  private static final double COMMAND_SHARE = 0.5;

  private final StatusModel model;
  private final Texts texts;
  private final Actions actions;
  private final WorkCard work;

  @Inject
  StatusLine(StatusModel model, Texts texts, Actions actions, WorkCard work) {
    this.model = model;
    this.texts = texts;
    this.actions = actions;
    this.work = work;
  }

  StatusBar node() {
    var bar = new StatusBar();
    bar.setId("status-bar");
    bar.setText("");
    bar.setFocusTraversable(false);
    bar.progressProperty().bind(work.shareProperty());
    bar.getLeftItems()
        .addAll(
            figure("snapshot", model.snapshot()),
            figure("time", model.time()),
            figure("profile", model.profile()),
            figure("iotlb", model.iotlb()),
            figure("faults", model.faults()));
    Button command = command();
    command.maxWidthProperty().bind(bar.widthProperty().multiply(COMMAND_SHARE));
    bar.getRightItems().add(command);
    return bar;
  }

  private Button command() {
    var command = new Button();
    command.setId("status-command");
    command.getStyleClass().setAll("status-command", "mono", "may-shorten");
    command.textProperty().bind(model.command());
    command.setTextOverrun(OverrunStyle.ELLIPSIS);
    command.setMnemonicParsing(false);
    command.setMinWidth(0);
    command.setOnAction(event -> actions.get("copy-command").run());
    Tips.on(command, () -> command.getText() + "\n" + texts.get("status.copy"));
    return command;
  }

  private HBox figure(String id, ObservableValue<String> value) {
    var name = new Label();
    name.textProperty().bind(texts.observe("status." + id));
    name.getStyleClass().add("muted");
    var number = new Label();
    number.setId("status-" + id);
    number.getStyleClass().add("status-number");
    number.textProperty().bind(value);
    var figure = new HBox(4, name, number);
    figure.getStyleClass().add("status-figure");
    name.setMinWidth(Region.USE_PREF_SIZE);
    number.setMinWidth(Region.USE_PREF_SIZE);
    return figure;
  }
}
