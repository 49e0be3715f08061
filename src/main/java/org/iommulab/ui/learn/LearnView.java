package org.iommulab.ui.learn;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.beans.binding.DoubleBinding;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.value.ObservableValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.TilePane;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import org.iommulab.ui.Face;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.prose.Prose;

/** The start page. */
@Singleton
public final class LearnView implements Face {

  /** Width of a card, in letters of the window. */
  private static final double CARD = 24;

  private final LearnModel model;
  private final Texts texts;
  private final Theme theme;
  private final VBox page = new VBox();
  private final BorderPane root = new BorderPane();

  @Inject
  public LearnView(LearnModel model, Texts texts, Theme theme) {
    this.model = model;
    this.theme = theme;
    this.texts = texts;
    page.getStyleClass().add("learn-page");
    page.setMinWidth(0);
    var scroll = new ScrollPane(page);
    scroll.setId("learn-scroll");
    scroll.getStyleClass().add("lecture-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    root.setId("learn");
    root.getStyleClass().add("learn");
    root.setMinSize(0, 0);
    root.setCenter(scroll);
    root.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    root.addEventHandler(DragEvent.DRAG_OVER, this::over);
    root.addEventHandler(DragEvent.DRAG_DROPPED, this::dropped);
    model.pageProperty().subscribe(now -> fill());
    texts.localeProperty().subscribe(locale -> fill());
  }

  @Override
  public String id() {
    return "learn";
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableValue<String> title() {
    return texts.observe("learn.title");
  }

  @Override
  public ReadOnlyBooleanProperty showingProperty() {
    return model.showingProperty();
  }

  @Override
  public void show() {
    model.open();
  }

  @Override
  public void leave() {
    model.leave();
  }

  @Override
  public void shown(boolean shown) {
    if (shown && root.lookup(".primary") instanceof Node begin) {
      // Enter begins, or goes on.
      begin.requestFocus();
    }
  }

  private void key(KeyEvent event) {
    if (event.getCode() == KeyCode.ESCAPE) {
      model.leave();
      event.consume();
    }
  }

  private void over(DragEvent event) {
    if (event.getDragboard().hasFiles()) {
      event.acceptTransferModes(TransferMode.COPY);
      event.consume();
    }
  }

  /** Lessons are taken here; anything else is for the window, which opens it. */
  private void dropped(DragEvent event) {
    List<Path> files = event.getDragboard().getFiles().stream().map(file -> file.toPath()).toList();
    if (files.stream().limit(1).noneMatch(OwnLessons::holds)) {
      return;
    }
    event.setDropCompleted(true);
    event.consume();
    files.stream().limit(1).forEach(model::take);
  }

  private void fill() {
    StartPage now = model.pageProperty().get();
    page.getChildren().clear();
    if (!now.sections().isEmpty()) {
      page.getChildren().add(head(now.first()));
      now.sections().forEach(this::section);
      page.getChildren().add(foot());
    }
  }

  private Node head(StartPage.First first) {
    var title = new Label(texts.get("learn.title"));
    title.getStyleClass().add("learn-title");
    var summary = new Label(texts.get("learn.summary"));
    summary.getStyleClass().add("muted");
    summary.setWrapText(true);
    var words = new VBox(title, summary);
    words.setMinWidth(0);
    HBox.setHgrow(words, Priority.ALWAYS);
    return line(
        words,
        button(first.id(), first.words().in(texts), "primary", first.open()),
        button("learn-workbench", texts.get("learn.workbench"), "quiet", model::leave));
  }

  private static HBox line(Node... parts) {
    var line = new HBox(parts);
    line.getStyleClass().add("learn-head");
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  private static Button button(String id, String text, String styleClass, Runnable action) {
    var button = new Button(text);
    button.setId(id);
    button.setMnemonicParsing(false);
    button.getStyleClass().add(styleClass);
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(event -> action.run());
    return button;
  }

  private void section(StartPage.Section section) {
    var heading = new Label(texts.get(section.titleKey()));
    heading.getStyleClass().add("learn-heading");
    page.getChildren().add(heading);
    if (section.items().isEmpty()) {
      return;
    }
    var tiles = new TilePane();
    tiles.getStyleClass().add("learn-tiles");
    tiles.setTileAlignment(Pos.TOP_LEFT);
    page.getChildren().add(tiles);
    int number = 1;
    for (Shelf.Item item : section.items()) {
      tiles.getChildren().add(card(item, section.numbered() ? number++ + ". " : ""));
    }
  }

  private Node card(Shelf.Item item, String number) {
    Runnable open = () -> model.choose(item);
    var button = button("learn-" + item.id(), number + texts.in(item.title()), "learn-open", open);
    button.setMinWidth(0);
    button.setWrapText(true);
    button.setMaxWidth(Double.MAX_VALUE);
    var words = new Label(Prose.plain(texts.in(item.summary())));
    words.setWrapText(true);
    words.setMinHeight(Region.USE_PREF_SIZE);
    var space = new Region();
    VBox.setVgrow(space, Priority.ALWAYS);
    var figures = new Label(item.figures().in(texts));
    figures.getStyleClass().addAll("muted", "learn-figures");
    figures.setWrapText(true);
    var card = new VBox(button, words, space, figures);
    if (item.done() > 0) {
      var bar = new ProgressBar(item.done());
      bar.getStyleClass().add("learn-progress");
      bar.setMaxWidth(Double.MAX_VALUE);
      card.getChildren().add(bar);
    }
    card.getStyleClass().add("learn-card");
    card.prefWidthProperty().bind(cardWidth());
    card.setOnMouseClicked(event -> open.run());
    return card;
  }

  /** As many cards a row as fit, all of the row. */
  private DoubleBinding cardWidth() {
    return Bindings.createDoubleBinding(
        () -> {
          double letter = theme.scaleProperty().get() * Theme.FONT_PIXELS;
          double room = Math.max(200, page.getWidth() - 3 * letter);
          int columns = (int) Math.max(1, Math.floor(room / (CARD * letter)));
          return Math.floor(room / columns - letter);
        },
        page.widthProperty(),
        theme.scaleProperty());
  }

  private Node foot() {
    var hint = new Label(texts.get("learn.drop"));
    hint.getStyleClass().add("muted");
    hint.setWrapText(true);
    return line(
        button("learn-folder", texts.get("learn.folder"), "quiet", this::chooseFolder), hint);
  }

  private void chooseFolder() {
    var chooser = new DirectoryChooser();
    chooser.setTitle(texts.get("learn.folder"));
    var chosen = chooser.showDialog(root.getScene().getWindow());
    if (chosen != null) {
      model.take(chosen.toPath());
    }
  }
}
