package org.iommulab.ui.learn;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
import org.iommulab.course.Lesson;
import org.iommulab.ui.Face;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.prose.Prose;

/** The start page. */
@Singleton
public final class LearnView implements Face {

  /** Width of a card, in letters of the window. */
  private static final double CARD = 24;

  private static final int MINUTE = 60;

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
    texts.localeProperty().subscribe(locale -> fill());
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
  public void leave() {
    model.leave();
  }

  @Override
  public void shown(boolean shown) {
    fill();
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
    fill();
  }

  private void fill() {
    page.getChildren().clear();
    if (!model.showingProperty().get()) {
      return;
    }
    page.getChildren().add(head());
    section("learn.course", model.course(), true);
    for (Shelf shelf : model.shelves()) {
      shelf(shelf);
    }
    section("learn.presets", model.presets(), false);
    ownLessons();
  }

  private Node head() {
    var title = new Label(texts.get("learn.title"));
    title.getStyleClass().add("learn-title");
    var summary = new Label(texts.get("learn.summary"));
    summary.getStyleClass().add("muted");
    summary.setWrapText(true);
    var words = new VBox(title, summary);
    words.setMinWidth(0);
    HBox.setHgrow(words, Priority.ALWAYS);
    var line = new HBox(words);
    line.getStyleClass().add("learn-head");
    line.setAlignment(Pos.CENTER_LEFT);
    Optional<Lesson> latest = model.latest().filter(lesson -> model.progress(lesson).begun());
    latest.ifPresent(
        lesson ->
            line.getChildren()
                .add(
                    button(
                        "learn-continue",
                        texts.get(
                            "learn.continue",
                            texts.in(lesson.title()),
                            model.progress(lesson).step(),
                            lesson.steps().size()),
                        "primary",
                        () -> model.resume(lesson))));
    if (latest.isEmpty()) {
      line.getChildren()
          .add(
              button(
                  "learn-first",
                  texts.get("learn.first"),
                  "primary",
                  () -> model.begin(model.course().getFirst())));
    }
    line.getChildren()
        .add(button("learn-workbench", texts.get("learn.workbench"), "quiet", model::leave));
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

  private void heading(String key) {
    var heading = new Label(texts.get(key));
    heading.getStyleClass().add("learn-heading");
    page.getChildren().add(heading);
  }

  private TilePane tiles() {
    var tiles = new TilePane();
    tiles.getStyleClass().add("learn-tiles");
    tiles.setTileAlignment(Pos.TOP_LEFT);
    page.getChildren().add(tiles);
    return tiles;
  }

  private void section(String key, List<Lesson> lessons, boolean numbered) {
    heading(key);
    TilePane tiles = tiles();
    int number = 1;
    for (Lesson lesson : lessons) {
      tiles.getChildren().add(card(lesson, numbered ? number++ + ". " : ""));
    }
  }

  private Node card(Lesson lesson, String number) {
    Progress.Of of = model.progress(lesson);
    var card =
        card(
            lesson.name(),
            number + texts.in(lesson.title()),
            Prose.plain(texts.in(lesson.goal())),
            () -> model.begin(lesson));
    card.getChildren().add(figures(lesson, of));
    if (of.begun()) {
      var bar = new ProgressBar((double) of.step() / lesson.steps().size());
      bar.getStyleClass().add("learn-progress");
      bar.setMaxWidth(Double.MAX_VALUE);
      card.getChildren().add(bar);
    }
    return card;
  }

  private Node figures(Lesson lesson, Progress.Of of) {
    String text =
        of.begun()
            ? texts.get(
                "learn.progress",
                of.step(),
                lesson.steps().size(),
                of.right(),
                of.answered(),
                Math.ceilDiv(of.seconds(), MINUTE))
            : lesson.minutes() > 0
                ? texts.get(
                    "learn.size",
                    lesson.steps().size(),
                    lesson.questions().size(),
                    lesson.minutes())
                : texts.get("learn.size-short", lesson.steps().size(), lesson.questions().size());
    return small(text);
  }

  private static Node small(String figures) {
    var label = new Label(figures);
    label.getStyleClass().addAll("muted", "learn-figures");
    label.setWrapText(true);
    return label;
  }

  private VBox card(String id, String title, String summary, Runnable open) {
    var button = button("learn-" + id, title, "learn-open", open);
    button.setMinWidth(0);
    button.setWrapText(true);
    button.setMaxWidth(Double.MAX_VALUE);
    var words = new Label(summary);
    words.setWrapText(true);
    words.setMinHeight(Region.USE_PREF_SIZE);
    var space = new Region();
    VBox.setVgrow(space, Priority.ALWAYS);
    var card = new VBox(button, words, space);
    card.getStyleClass().add("learn-card");
    card.prefWidthProperty().bind(cardWidth());
    card.setOnMouseClicked(event -> open.run());
    return card;
  }

  /** As many cards a row as fit, all of the row. */
  private javafx.beans.binding.DoubleBinding cardWidth() {
    return javafx.beans.binding.Bindings.createDoubleBinding(
        () -> {
          double letter = theme.scaleProperty().get() * Theme.FONT_PIXELS;
          double room = Math.max(200, page.getWidth() - 3 * letter);
          int columns = (int) Math.max(1, Math.floor(room / (CARD * letter)));
          return Math.floor(room / columns - letter);
        },
        page.widthProperty(),
        theme.scaleProperty());
  }

  private void shelf(Shelf shelf) {
    List<Shelf.Item> items = shelf.items();
    if (items.isEmpty()) {
      return;
    }
    heading(shelf.titleKey());
    TilePane tiles = tiles();
    for (Shelf.Item item : items) {
      VBox card =
          card(
              item.id(),
              texts.in(item.title()),
              texts.in(item.summary()),
              () -> {
                model.leave();
                item.open().run();
              });
      card.getChildren().add(small(item.figures()));
      tiles.getChildren().add(card);
    }
  }

  private void ownLessons() {
    heading("learn.own");
    List<Lesson> own = model.own();
    if (!own.isEmpty()) {
      TilePane tiles = tiles();
      own.forEach(lesson -> tiles.getChildren().add(card(lesson, "")));
    }
    var hint = new Label(texts.get("learn.drop"));
    hint.getStyleClass().add("muted");
    hint.setWrapText(true);
    var line =
        new HBox(
            button("learn-folder", texts.get("learn.folder"), "quiet", this::chooseFolder), hint);
    line.setAlignment(Pos.CENTER_LEFT);
    line.getStyleClass().add("learn-head");
    page.getChildren().add(line);
  }

  private void chooseFolder() {
    var chooser = new DirectoryChooser();
    chooser.setTitle(texts.get("learn.folder"));
    var chosen = chooser.showDialog(root.getScene().getWindow());
    if (chosen != null) {
      model.take(chosen.toPath());
      fill();
    }
  }
}
