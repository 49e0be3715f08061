package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.controlsfx.control.PropertySheet;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.file.Recovery;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Settings;

/** What a person prefers, all in one place; each takes effect at once unless it says otherwise. */
@Singleton
final class PreferencesCard {

  private static final List<Double> PACES = List.of(0.5, 1.0, 1.5, 2.0, 3.0, 4.0);

  private final Texts texts;
  private final Theme theme;
  private final Settings settings;
  private final PresetPlayer player;
  private final Overlay overlay;
  private final Provider<Actions> actions;
  private final PropertySheet sheet = new PropertySheet();
  private final VBox card;

  @Inject
  PreferencesCard(
      Texts texts,
      Theme theme,
      Settings settings,
      PresetPlayer player,
      Overlay overlay,
      Provider<Actions> actions) {
    this.texts = texts;
    this.theme = theme;
    this.settings = settings;
    this.player = player;
    this.overlay = overlay;
    this.actions = actions;
    sheet.setId("preferences-sheet");
    sheet.setFocusTraversable(false);
    sheet.setModeSwitcherVisible(false);
    sheet.setSearchBoxVisible(false);
    sheet.setPropertyEditorFactory(item -> ((Preference<?>) item).editor());
    VBox.setVgrow(sheet, Priority.ALWAYS);
    var title = new Label();
    title.textProperty().bind(texts.observe("preferences.title"));
    title.getStyleClass().add("strong");
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    Button close = button("preferences-close", "form.close", overlay::close);
    close.setCancelButton(true);
    card =
        new VBox(
            12,
            header(title, space, close),
            sheet,
            new HBox(
                8,
                button("preferences-shortcuts", "action.shortcuts", () -> run("shortcuts")),
                button("preferences-layout", "action.reset-layout", () -> run("reset-layout"))));
    card.setId("preferences-card");
    card.getStyleClass().addAll("floating", "wide-card", "preferences");
    texts.localeProperty().subscribe(language -> sheet.getItems().setAll(items()));
  }

  private static HBox header(Node... parts) {
    var header = new HBox(12, parts);
    header.setAlignment(Pos.CENTER_LEFT);
    return header;
  }

  private Button button(String id, String key, Runnable work) {
    var button = new Button();
    button.setId(id);
    button.textProperty().bind(texts.observe(key));
    button.setMinWidth(Region.USE_PREF_SIZE);
    button.setOnAction(event -> work.run());
    return button;
  }

  private void run(String action) {
    actions.get().get(action).run();
  }

  void show() {
    sheet.getItems().setAll(items());
    overlay.showOnTop(card);
    card.lookupAll(".combo-box").stream().findFirst().ifPresent(first -> first.requestFocus());
  }

  private List<PropertySheet.Item> items() {
    return List.of(
        choice(
            "language",
            Texts.LANGUAGES,
            language -> texts.get("action.language-" + language.getLanguage()),
            texts.locale(),
            language -> run("language-" + language.getLanguage())),
        choice(
            "theme",
            List.of(Theme.Choice.values()),
            choice -> texts.get("action." + id(choice)),
            theme.choiceProperty().get(),
            choice -> run(id(choice))),
        choice(
            "scale",
            scales(),
            scale -> Math.round(scale * 100) + " %",
            Math.round(theme.scaleProperty().get() * 10) / 10.0,
            scale -> {
              theme.scaleProperty().set(scale);
              keep("scale", scale);
            }),
        choice(
            "pace",
            PACES,
            pace -> "× " + pace,
            nearest(player.paceProperty().get()),
            pace -> {
              player.paceProperty().set(pace);
              keep("play.pace", pace);
            }),
        new Preference<>(
            "recovery",
            texts,
            new Preference.Check(),
            Recovery.isKept(settings),
            kept -> {
              settings.put(Recovery.KEPT, kept);
              settings.save();
            }));
  }

  private <T> Preference<T> choice(
      String id, List<T> values, Function<T, String> words, T now, Consumer<T> chosen) {
    return new Preference<>(id, texts, new Preference.Choice<>(values, words), now, chosen);
  }

  private void keep(String key, double value) {
    settings.put(key, value);
    settings.save();
  }

  private static String id(Theme.Choice choice) {
    return "theme-" + choice.name().toLowerCase(Locale.ROOT);
  }

  private static List<Double> scales() {
    var scales = new ArrayList<Double>();
    for (long tenths = Math.round(Theme.MIN_SCALE * 10); tenths <= Theme.MAX_SCALE * 10; tenths++) {
      scales.add(tenths / 10.0);
    }
    return scales;
  }

  private static double nearest(double pace) {
    double best = PACES.getFirst();
    for (double each : PACES) {
      best = Math.abs(each - pace) < Math.abs(best - pace) ? each : best;
    }
    return best;
  }
}
