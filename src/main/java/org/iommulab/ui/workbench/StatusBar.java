package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Actions;

/** The last line: where the laboratory stands, and the command just given as a script line. */
final class StatusBar extends HBox {

  @Inject
  StatusBar(StatusModel model, Texts texts, Actions actions) {
    setId("status-bar");
    getStyleClass().add("status-bar");
    var command = new Button();
    command.setId("status-command");
    command.getStyleClass().setAll("status-command", "mono");
    command.textProperty().bind(model.command());
    command.setTextOverrun(OverrunStyle.ELLIPSIS);
    command.setMnemonicParsing(false);
    command.setMinWidth(0);
    command.getStyleClass().add("may-shorten");
    command.setMaxWidth(Double.MAX_VALUE);
    command.setOnAction(event -> actions.get("copy-command").run());
    var tip = new Tooltip();
    tip.textProperty()
        .bind(
            Bindings.createStringBinding(
                () -> command.getText() + "\n" + texts.get("status.copy"),
                command.textProperty(),
                texts.localeProperty()));
    tip.setWrapText(true);
    tip.setMaxWidth(640);
    command.setTooltip(tip);
    HBox.setHgrow(command, Priority.ALWAYS);
    getChildren()
        .addAll(
            figure("snapshot", model.snapshot(), texts),
            figure("time", model.time(), texts),
            figure("profile", model.profile(), texts),
            figure("iotlb", model.iotlb(), texts),
            figure("faults", model.faults(), texts),
            command);
  }

  private static HBox figure(String id, ObservableValue<String> value, Texts texts) {
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
