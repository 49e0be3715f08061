package org.iommulab.ui.player;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Slider;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import org.iommulab.lab.script.Preset;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.prose.Prose;
import org.iommulab.ui.settings.Settings;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.words.Bilingual;

/** The words of the preset: what just happened, what to watch, what comes next. */
@Singleton
public final class LessonPane implements LabPane {

  private static final double SLOWEST = 0.5;
  private static final double FASTEST = 4;

  /** Widths and heights in letters of the window. */
  private static final double WIDE = 50;

  private static final double FOOT = 24;
  private static final double TITLE = 3.7;
  private static final double LINE = 1.2;
  private static final double SIDES = 3.5;
  private static final double MOST = 9;

  private final PresetPlayer player;
  private final Texts texts;
  private final Theme theme;
  private final Label next = new Label();
  private final VBox words = new VBox();
  private final ScrollPane scroll = new ScrollPane(words);
  private final VBox foot = new VBox();
  private final BorderPane pane = new BorderPane(scroll);

  @Inject
  public LessonPane(PresetPlayer player, Texts texts, Settings settings, Theme theme) {
    this.theme = theme;
    this.player = player;
    this.texts = texts;
    words.getStyleClass().add("lesson");
    scroll.setId("lesson-words");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add("lesson-scroll");
    next.getStyleClass().add("lesson-next");
    next.setWrapText(true);
    next.setMinHeight(Region.USE_PREF_SIZE);
    next.managedProperty().bind(next.textProperty().isNotEmpty());
    foot.getChildren().addAll(next, pace(settings));
    foot.getStyleClass().add("lesson-foot");
    pane.widthProperty().subscribe(width -> arrange());
    theme.scaleProperty().subscribe(scale -> arrange());
    words.heightProperty().subscribe(height -> arrange());
    player.progressProperty().subscribe(progress -> fill());
    texts
        .localeProperty()
        .subscribe(
            locale -> {
              player.setLanguage(locale.getLanguage());
              fill();
            });
  }

  /**
   * In a column the foot stands below the words; where the pane is wide it stands beside them, and
   * the pane is as high as the longest words of the preset need, so that nothing below it jumps.
   */
  private void arrange() {
    double letter = theme.scaleProperty().get() * Theme.FONT_PIXELS;
    boolean wide = pane.getWidth() > WIDE * letter;
    if (wide) {
      pane.setBottom(null);
      pane.setRight(foot);
    } else {
      pane.setRight(null);
      pane.setBottom(foot);
    }
    foot.setPrefWidth(wide ? FOOT * letter : Region.USE_COMPUTED_SIZE);
    pane.setPrefHeight(
        wide
            ? Math.min(Math.max(words.getHeight(), highest(letter)), MOST * letter)
            : Region.USE_COMPUTED_SIZE);
  }

  private double highest(double letter) {
    var measure = new Text();
    measure.setFont(Font.font("Inter", letter));
    measure.setText("x");
    double line = measure.getLayoutBounds().getHeight();
    measure.setWrappingWidth(Math.max(letter, pane.getWidth() - (FOOT + SIDES) * letter));
    double most = 0;
    for (Preset preset : player.progress().preset().stream().toList()) {
      for (Bilingual note : notes(preset)) {
        measure.setText(Prose.plain(texts.in(note)));
        most = Math.max(most, measure.getLayoutBounds().getHeight() / line);
      }
    }
    return (TITLE + LINE * most) * letter;
  }

  private static List<Bilingual> notes(Preset preset) {
    return Stream.concat(
            Stream.of(preset.summary()),
            preset.steps().stream().map(Preset.Step::note).filter(Objects::nonNull))
        .toList();
  }

  /** How fast a preset plays; kept for the next start. Steps double the pace or halve it. */
  private HBox pace(Settings settings) {
    double kept = Math.clamp(settings.number("play.pace", 1), SLOWEST, FASTEST);
    var slider = new Slider(log(SLOWEST), log(FASTEST), log(kept));
    slider.setId("lesson-pace");
    slider.setBlockIncrement(0.5);
    slider.accessibleTextProperty().bind(texts.observe("lesson.pace"));
    HBox.setHgrow(slider, Priority.ALWAYS);
    var figure = new Label();
    figure.setId("lesson-pace-figure");
    figure.setMinWidth(Region.USE_PREF_SIZE);
    player.paceProperty().set(kept);
    slider
        .valueProperty()
        .addListener((_, _, at) -> player.paceProperty().set(Math.pow(2, at.doubleValue())));
    figure
        .textProperty()
        .bind(
            player
                .paceProperty()
                .map(pace -> String.format(Locale.ROOT, "× %.1f", pace.doubleValue())));
    player
        .paceProperty()
        .addListener(
            (_, _, pace) -> {
              slider.setValue(log(pace.doubleValue()));
              settings.put("play.pace", pace.doubleValue());
            });
    var name = new Label();
    name.textProperty().bind(texts.observe("lesson.pace"));
    name.setMinWidth(Region.USE_PREF_SIZE);
    var line = new HBox(name, slider, figure);
    line.getStyleClass().addAll("lesson-pace", "muted");
    return line;
  }

  private static double log(double pace) {
    return Math.log(pace) / Math.log(2);
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
    return pane;
  }

  @Override
  public void shown(boolean shown) {
    // Bilingual cost nothing while hidden.
  }

  /** What a preset says must be seen without a gesture, or its steps mean nothing. */
  @Override
  public Optional<ObservableValue<Boolean>> band() {
    return Optional.of(player.progressProperty().map(progress -> progress.preset().isPresent()));
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
    arrange();
    words.getChildren().clear();
    next.setText(
        progress.next().map(step -> texts.get("lesson.next", texts.in(step.title()))).orElse(""));
    if (progress.preset().isEmpty()) {
      add(texts.get("lesson.empty"), "muted");
      return;
    }
    progress
        .current()
        .ifPresentOrElse(this::addStep, () -> addNote(texts.in(progress.preset().get().summary())));
  }

  private void addStep(Preset.Step step) {
    add(texts.in(step.title()), "strong");
    var note = step.note();
    if (note != null) {
      addNote(texts.in(note));
    }
  }

  /** Notes are Markdown. */
  private void addNote(String markdown) {
    var note = new Prose("lesson-note");
    words.getChildren().add(note);
    note.show(markdown);
  }

  private void add(String text, String styleClass) {
    var label = new Label(text);
    label.setWrapText(true);
    label.setMinHeight(Region.USE_PREF_SIZE);
    label.getStyleClass().add(styleClass);
    words.getChildren().add(label);
  }
}
