package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import javafx.stage.Stage;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.view.part.LabPane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/**
 * Everything has room at 1280 × 800, whatever the letters' size and language. Themes differ in
 * colours only, so each is looked at once. Where the matrix is sampled, every pane, every preset
 * and every size and language occurs.
 */
@ExtendWith(ApplicationExtension.class)
class NothingClippedTest {

  private static final List<Double> SCALES = List.of(0.7, 1.0, 1.4, 2.0);

  private DesktopStage desktop;
  private final TreeSet<String> found = new TreeSet<>();

  @Start
  void start(Stage stage) throws IOException {
    desktop = DesktopStage.open(stage, 1280, 800);
  }

  private void look(String where) {
    desktop.settle();
    desktop.layout();
    Clipping.in(desktop.scene().getRoot()).forEach(each -> found.add(each + " (" + where + ")"));
  }

  private void set(FxRobot robot, double scale, Locale language, Theme.Choice theme) {
    robot.interact(
        () -> {
          desktop.get(Theme.class).scaleProperty().set(scale);
          desktop.get(Theme.class).choiceProperty().set(theme);
          desktop.get(Texts.class).setLocale(language);
        });
  }

  private void show(FxRobot robot, Preset preset, int steps) {
    robot.interact(() -> desktop.get(PresetPlayer.class).load(preset, steps));
  }

  @Test
  void everyPaneHasRoom(FxRobot robot) {
    List<Theme.Choice> themes =
        List.of(Theme.Choice.LIGHT, Theme.Choice.DARK, Theme.Choice.CONTRAST, Theme.Choice.LIGHT);
    List<String> presets = List.of("vfio-dma-map", "nested", "rogue-engine", "gpu-shared-memory");
    for (int i = 0; i < SCALES.size(); i++) {
      Preset preset = Presets.named(presets.get(i)).orElseThrow();
      show(robot, preset, preset.steps().size());
      for (Locale language : Texts.LANGUAGES) {
        set(robot, SCALES.get(i), language, themes.get(i));
        for (LabPane pane : desktop.get(Workbench.class).panes()) {
          robot.interact(() -> desktop.get(Workbench.class).reveal(pane));
          look(pane.id() + " " + language.getLanguage() + " " + Math.round(SCALES.get(i) * 100));
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void everyStepOfEveryPresetHasRoom(FxRobot robot) {
    var sizes = new ArrayList<>(SCALES);
    int turn = 0;
    for (Preset preset : Presets.all()) {
      for (int step = 1; step <= preset.steps().size(); step++) {
        double scale = sizes.get(turn % sizes.size());
        Locale language = Texts.LANGUAGES.get(turn / sizes.size() % 2);
        turn++;
        set(robot, scale, language, Theme.Choice.LIGHT);
        show(robot, preset, step);
        look(preset.name() + " " + step + " " + language.getLanguage() + " " + scale);
      }
    }
    assertThat(found).isEmpty();
  }
}
