package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import javafx.beans.property.SimpleBooleanProperty;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.settings.Settings;
import org.iommulab.ui.view.part.LabPane;

/** Looks: panes, theme, language, font size, presentation. */
@Singleton
final class ViewActions implements ActionSource {

  private static final double STEP = 0.1;
  private static final double PRESENTATION = 1.4;

  private final Provider<Workbench> workbench;
  private final Theme theme;
  private final Texts texts;
  private final Settings settings;
  private final SimpleBooleanProperty presenting = new SimpleBooleanProperty();
  private double scaleBefore = 1;

  @Inject
  ViewActions(Provider<Workbench> workbench, Theme theme, Texts texts, Settings settings) {
    this.workbench = workbench;
    this.theme = theme;
    this.texts = texts;
    this.settings = settings;
  }

  @Override
  public List<Action> actions() {
    var actions = new ArrayList<Action>();
    int number = 1;
    for (LabPane pane : workbench.get().panes()) {
      var action = Action.named("show-" + pane.id()).textKey(pane.titleKey());
      if (number <= 9 && pane.place() == LabPane.Place.BOTTOM) {
        action.shortcut("Shortcut+" + number++);
      }
      actions.add(action.runs(() -> workbench.get().reveal(pane)));
    }
    actions.add(fold("fold-bench", "Shortcut+B", Centre::benchFold));
    actions.add(fold("fold-inspector", "Shortcut+I", Centre::inspectorFold));
    for (Theme.Choice choice : Theme.Choice.values()) {
      actions.add(themeAction(choice));
    }
    actions.add(languageAction("language-en", Locale.ENGLISH));
    actions.add(languageAction("language-zh", Locale.SIMPLIFIED_CHINESE));
    actions.add(Action.named("text-bigger").shortcut("Shortcut+Equals").runs(() -> scaleBy(STEP)));
    actions.add(Action.named("text-smaller").shortcut("Shortcut+Minus").runs(() -> scaleBy(-STEP)));
    actions.add(Action.named("text-normal").shortcut("Shortcut+0").runs(() -> scaleTo(1)));
    actions.add(Action.named("reset-layout").runs(this::resetLayout));
    actions.add(
        Action.named("presentation").shortcut("F11").checked(presenting).runs(this::present));
    return actions;
  }

  private Action fold(String id, String shortcut, Function<Centre, SideFold> side) {
    return Action.named(id)
        .shortcut(shortcut)
        .runs(
            () -> workbench.get().centre().ifPresent(centre -> centre.toggle(side.apply(centre))));
  }

  private Action themeAction(Theme.Choice choice) {
    return Action.named("theme-" + choice.name().toLowerCase(Locale.ROOT))
        .checked(theme.choiceProperty().map(chosen -> chosen == choice))
        .runs(
            () -> {
              theme.choiceProperty().set(choice);
              settings.put("theme", choice.name());
              settings.save();
            });
  }

  private Action languageAction(String id, Locale language) {
    return Action.named(id)
        .checked(texts.localeProperty().map(language::equals))
        .runs(
            () -> {
              texts.setLocale(language);
              settings.put("language", language.toLanguageTag());
              settings.save();
            });
  }

  private void resetLayout() {
    workbench.get().centre().ifPresent(Centre::reset);
    settings.save();
  }

  private void scaleBy(double step) {
    scaleTo(Math.round((theme.scaleProperty().get() + step) * 10) / 10.0);
  }

  private void scaleTo(double scale) {
    theme.scaleProperty().set(Math.clamp(scale, Theme.MIN_SCALE, Theme.MAX_SCALE));
    settings.put("scale", theme.scaleProperty().get());
    settings.save();
  }

  /** Larger letters on the whole screen, for a class; once more goes back. */
  private void present() {
    boolean start = !presenting.get();
    presenting.set(start);
    if (start) {
      scaleBefore = theme.scaleProperty().get();
    }
    double scale = start ? Math.max(PRESENTATION, scaleBefore) : scaleBefore;
    theme.scaleProperty().set(scale);
    if (workbench.get().node().getScene().getWindow() instanceof javafx.stage.Stage stage) {
      stage.setFullScreen(start);
    }
  }
}
