package org.iommulab.ui.workbench;

import javafx.scene.Group;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Tips;

/** What is left of a folded side pane: a narrow button with its name, which opens it again. */
final class Rail extends VBox {

  Rail(String id, String titleKey, Texts texts, Runnable open) {
    getStyleClass().add("rail");
    var name = new Label();
    name.getStyleClass().add("pane-title");
    name.setMinWidth(USE_PREF_SIZE);
    name.textProperty()
        .bind(texts.observe(titleKey).map(s -> s.toUpperCase(java.util.Locale.ROOT)));
    name.setRotate(-90);
    var button = new Button();
    button.setGraphic(new Group(name));
    button.setId(id + "-rail");
    button.getStyleClass().add("rail-button");
    button.accessibleTextProperty().bind(texts.observe(titleKey));
    button.setOnAction(event -> open.run());
    Tips.on(button, () -> texts.get("rail.open"));
    getChildren().add(button);
  }
}
