package org.iommulab.ui.live;

import java.util.function.Consumer;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Texts;

/** Asks for a QMP socket. */
final class AttachCard extends VBox {

  private static final double WIDTH = 460;

  private final TextField socket = new TextField();

  AttachCard(String before, Texts texts, Consumer<String> onAttach, Runnable onClose) {
    super(12);
    setId("attach-card");
    getStyleClass().addAll("floating", "form-card");
    var title = new Label(texts.get("live.title"));
    title.getStyleClass().add("strong");
    var words = new Label(texts.get("live.words"));
    words.setWrapText(true);
    words.setPrefWidth(WIDTH);
    words.setMinHeight(Region.USE_PREF_SIZE);
    var example = new Label("-qmp unix:q.sock,server=on,wait=off");
    example.getStyleClass().add("mono");
    socket.setId("attach-socket");
    socket.setText(before);
    socket.setPromptText("q.sock");
    socket.setAccessibleText(texts.get("live.socket"));
    var name = new Label(texts.get("live.socket"));
    name.setLabelFor(socket);
    var attach = new Button(texts.get("live.attach"));
    attach.setId("attach-give");
    attach.setDefaultButton(true);
    attach.disableProperty().bind(socket.textProperty().map(String::isBlank));
    attach.setOnAction(event -> onAttach.accept(socket.getText()));
    var close = new Button(texts.get("form.close"));
    close.setId("attach-close");
    close.setCancelButton(true);
    close.setOnAction(event -> onClose.run());
    getChildren()
        .addAll(title, words, example, new VBox(4, name, socket), new HBox(8, attach, close));
  }

  void start() {
    socket.requestFocus();
    socket.selectAll();
  }
}
