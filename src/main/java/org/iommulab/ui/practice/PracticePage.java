package org.iommulab.ui.practice;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Face;
import org.iommulab.ui.Texts;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.words.Bilingual;

/**
 * A page with a line on top, which gives way to the start page and to a lesson. It shows what the
 * model has, anew with every change of that or of the language.
 *
 * @param <T> what is worked at
 */
abstract class PracticePage<T> implements Face {

  final Texts texts;
  private final PageModel<T> model;
  private final String id;
  private final PageTop top;
  private final BorderPane root = new BorderPane();

  PracticePage(
      String id,
      PageModel<T> model,
      LearnModel learn,
      StageModel stage,
      Texts texts,
      Node... onTop) {
    this.id = id;
    this.model = model;
    this.texts = texts;
    top = new PageTop(texts, id, learn::open, model::leave, onTop);
    root.setId(id);
    root.getStyleClass().add("lecture");
    root.setMinSize(0, 0);
    root.setTop(top);
    root.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
    learn.showingProperty().subscribe(this::giveWay);
    stage.showingProperty().subscribe(this::giveWay);
  }

  private void giveWay(boolean other) {
    if (other) {
      model.leave();
    }
  }

  private void key(KeyEvent event) {
    if (event.getCode() == KeyCode.ESCAPE) {
      model.leave();
      event.consume();
    }
  }

  /** Puts the parts of the page in place, and fills them from now on. */
  final void build(Node content) {
    root.setCenter(content);
    model.workProperty().subscribe(work -> fill());
    texts.localeProperty().subscribe(locale -> fill());
  }

  private void fill() {
    model
        .work()
        .ifPresent(
            work -> {
              top.title(texts.in(title(work)));
              fill(work);
            });
  }

  abstract Bilingual title(T work);

  abstract void fill(T work);

  /** A column of words that scrolls. */
  final ScrollPane scrolling(VBox column, String name) {
    column.getStyleClass().add("practice-page");
    column.setMinWidth(0);
    var scroll = new ScrollPane(column);
    scroll.setId(id + "-" + name);
    scroll.getStyleClass().add("lecture-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    return scroll;
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final void show() {
    model.open();
  }

  @Override
  public final Node node() {
    return root;
  }

  @Override
  public final ObservableValue<String> title() {
    return top.title();
  }

  @Override
  public final ReadOnlyBooleanProperty showingProperty() {
    return model.showingProperty();
  }

  @Override
  public final void leave() {
    model.leave();
  }
}
