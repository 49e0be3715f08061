package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Texts;
import org.jspecify.annotations.Nullable;

/** The command palette: type what you want to do, see or find. */
@Singleton
final class CommandPalette {

  private final PaletteModel model;
  private final LabModel lab;
  private final Overlay overlay;
  private final TextField query = new TextField();
  private final ListView<PaletteModel.Entry> list = new ListView<>();
  private final VBox card = new VBox(query, list);

  @Inject
  CommandPalette(PaletteModel model, LabModel lab, Overlay overlay, Texts texts) {
    this.model = model;
    this.lab = lab;
    this.overlay = overlay;
    card.setId("palette");
    card.getStyleClass().addAll("floating", "palette");
    query.setId("palette-query");
    query.promptTextProperty().bind(texts.observe("palette.prompt"));
    query.textProperty().subscribe(text -> search());
    query.addEventFilter(KeyEvent.KEY_PRESSED, this::moveByKey);
    list.setId("palette-list");
    list.setFocusTraversable(false);
    list.setCellFactory(view -> new EntryCell());
    list.setOnMouseClicked(event -> choose());
    var nothing = new Label();
    nothing.textProperty().bind(texts.observe("palette.nothing"));
    nothing.getStyleClass().add("muted");
    list.setPlaceholder(nothing);
  }

  /** Shows it with an empty query, or takes it away. */
  void toggle() {
    if (overlay.isShowing(card)) {
      overlay.close();
      return;
    }
    overlay.showOnTop(card);
    lab.ask(PaletteModel::devices, this::knowDevices);
    query.clear();
    search();
    query.requestFocus();
  }

  private void knowDevices(List<PaletteModel.FoundDevice> devices) {
    model.setDevices(devices);
    search();
  }

  private void search() {
    list.getItems().setAll(model.find(query.getText()));
    list.getSelectionModel().selectFirst();
    list.scrollTo(0);
  }

  private void moveByKey(KeyEvent event) {
    int rows =
        switch (event.getCode()) {
          case DOWN -> 1;
          case UP -> -1;
          case PAGE_DOWN -> 8;
          case PAGE_UP -> -8;
          default -> 0;
        };
    if (rows != 0) {
      int last = list.getItems().size() - 1;
      int next =
          Math.clamp(list.getSelectionModel().getSelectedIndex() + rows, 0, Math.max(0, last));
      list.getSelectionModel().select(next);
      list.scrollTo(Math.max(0, next - 5));
      event.consume();
    } else if (event.getCode() == KeyCode.ENTER) {
      choose();
      event.consume();
    }
  }

  private void choose() {
    var entry = list.getSelectionModel().getSelectedItem();
    if (entry != null && entry.possible()) {
      overlay.close();
      entry.chosen().run();
    }
  }

  /** Text at the left, shortcut or reason at the right. */
  private static final class EntryCell extends ListCell<PaletteModel.Entry> {

    private final Label text = new Label();
    private final Label detail = new Label();
    private final HBox line = new HBox(12);

    EntryCell() {
      var space = new Region();
      HBox.setHgrow(space, Priority.ALWAYS);
      text.setMinWidth(Region.USE_PREF_SIZE);
      detail.getStyleClass().addAll("muted", "small");
      line.getChildren().addAll(text, space, detail);
      line.getStyleClass().add("palette-line");
    }

    @Override
    protected void updateItem(PaletteModel.@Nullable Entry entry, boolean empty) {
      super.updateItem(entry, empty);
      if (empty || entry == null) {
        setGraphic(null);
        return;
      }
      text.setText(entry.text());
      text.setDisable(!entry.possible());
      detail.setText(entry.detail());
      setGraphic(line);
    }
  }
}
