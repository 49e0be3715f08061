package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.Locale;
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
import org.iommulab.ui.view.part.Words;
import org.jspecify.annotations.Nullable;

/** The command palette: type what you want to do, see or find. */
@Singleton
final class CommandPalette {

  private final PaletteModel model;
  private final LabModel lab;
  private final Overlay overlay;
  private final Texts texts;
  private final TextField query = new TextField();
  private final ListView<PaletteModel.Line> list = new ListView<>();
  private final VBox card = new VBox(query, list);

  @Inject
  CommandPalette(PaletteModel model, LabModel lab, Overlay overlay, Texts texts) {
    this.model = model;
    this.lab = lab;
    this.overlay = overlay;
    this.texts = texts;
    card.setId("palette");
    card.getStyleClass().addAll("floating", "palette");
    query.setId("palette-query");
    query.promptTextProperty().bind(texts.observe("palette.prompt"));
    query.textProperty().subscribe(text -> search());
    query.addEventFilter(KeyEvent.KEY_PRESSED, this::moveByKey);
    list.setId("palette-list");
    list.setFocusTraversable(false);
    list.setCellFactory(view -> new LineCell());
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
    model.lookAround();
    lab.ask(PaletteModel.Found::in, this::know);
    query.clear();
    search();
    query.requestFocus();
  }

  private void know(PaletteModel.Found found) {
    model.setPresent(found);
    search();
  }

  private void search() {
    list.getItems().setAll(model.find(query.getText()));
    select(0, 1);
    list.scrollTo(0);
  }

  /** Selects an entry: the one at the place, or the next in that direction if that is a heading. */
  private void select(int wanted, int direction) {
    int last = list.getItems().size() - 1;
    int at = Math.clamp(wanted, 0, Math.max(0, last));
    while (at >= 0 && at <= last && list.getItems().get(at) instanceof PaletteModel.Heading) {
      at += direction;
    }
    if (at >= 0 && at <= last) {
      list.getSelectionModel().select(at);
      list.scrollTo(Math.max(0, at - 5));
    }
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
      select(list.getSelectionModel().getSelectedIndex() + rows, Integer.signum(rows));
      event.consume();
    } else if (event.getCode() == KeyCode.ENTER) {
      choose();
      event.consume();
    }
  }

  private void choose() {
    if (list.getSelectionModel().getSelectedItem() instanceof PaletteModel.Entry entry
        && entry.possible()) {
      overlay.close();
      entry.chosen().run();
    }
  }

  /** Headings small, entries with shortcut or reason at the right. */
  private final class LineCell extends ListCell<PaletteModel.Line> {

    private final Label text = new Label();
    private final Label detail = new Label();
    private final HBox line = new HBox(12);
    private final Label heading = new Label();

    LineCell() {
      var space = new Region();
      HBox.setHgrow(space, Priority.ALWAYS);
      text.setMinWidth(Region.USE_PREF_SIZE);
      detail.getStyleClass().addAll("muted", "small");
      Words.mayShorten(detail);
      detail.setMinWidth(0);
      line.getChildren().addAll(text, space, detail);
      line.getStyleClass().add("palette-line");
      line.setMinWidth(0);
      line.prefWidthProperty().bind(list.widthProperty().subtract(48));
      heading.getStyleClass().add("pane-title");
    }

    @Override
    protected void updateItem(PaletteModel.@Nullable Line shown, boolean empty) {
      super.updateItem(shown, empty);
      setMouseTransparent(shown instanceof PaletteModel.Heading);
      switch (empty ? null : shown) {
        case PaletteModel.Entry entry -> {
          text.setText(entry.text());
          text.setDisable(!entry.possible());
          detail.setText(entry.detail());
          setGraphic(line);
        }
        case PaletteModel.Heading(PaletteModel.Group group, int found) -> {
          String name = texts.get("palette.group." + group.name().toLowerCase(Locale.ROOT));
          heading.setText(name.toUpperCase(Locale.ROOT) + "  " + found);
          setGraphic(heading);
        }
        case null -> setGraphic(null);
      }
    }
  }
}
