package org.iommulab.ui.player;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.lab.script.Preset;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.LabPane;

/** The words of the preset: what just happened, what to watch, what comes next. */
@Singleton
public final class LessonPane implements LabPane {

  private final PresetPlayer player;
  private final Texts texts;
  private final VBox words = new VBox();
  private final ScrollPane scroll = new ScrollPane(words);

  @Inject
  public LessonPane(PresetPlayer player, Texts texts) {
    this.player = player;
    this.texts = texts;
    words.getStyleClass().add("lesson");
    scroll.setId("lesson-words");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add("lesson-scroll");
    player.progressProperty().subscribe(progress -> fill());
    texts.localeProperty().subscribe(locale -> fill());
  }

  @Override
  public String id() {
    return "lesson";
  }

  @Override
  public String titleKey() {
    return "pane.lesson";
  }

  @Override
  public Place place() {
    return Place.BENCH;
  }

  @Override
  public int order() {
    return 20;
  }

  @Override
  public Node node() {
    return scroll;
  }

  @Override
  public void shown(boolean shown) {
    // Words cost nothing while hidden.
  }

  @Override
  public ObservableValue<String> figures() {
    return Bindings.createStringBinding(
        () ->
            player.progress().preset().isEmpty()
                ? ""
                : texts.get("lesson.step", player.progress().done(), player.progress().steps()),
        player.progressProperty(),
        texts.localeProperty());
  }

  private void fill() {
    var progress = player.progress();
    words.getChildren().clear();
    if (progress.preset().isEmpty()) {
      add(texts.get("lesson.empty"), "muted");
      return;
    }
    progress
        .current()
        .ifPresentOrElse(
            this::addStep, () -> add(in(progress.preset().get().summary()), "lesson-note"));
    progress
        .next()
        .ifPresent(next -> add(texts.get("lesson.next", in(next.title())), "lesson-next"));
  }

  private void addStep(Preset.Step step) {
    add(in(step.title()), "strong");
    var note = step.note();
    if (note != null) {
      add(in(note), "lesson-note");
    }
  }

  private String in(Preset.Words text) {
    return text.in(texts.locale().getLanguage());
  }

  private void add(String text, String styleClass) {
    var label = new Label(text);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    label.getStyleClass().add(styleClass);
    words.getChildren().add(label);
  }
}
