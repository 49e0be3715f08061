package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.IndexedCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.layout.StackPane;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.form.WordForms;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.ui.view.part.LabPane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testfx.api.FxRobot;

/**
 * Everything has room at 1280 × 800, whatever the letters' size and language. Themes differ in
 * colours only, so each is looked at once. Where the matrix is sampled, every pane, every preset
 * and every size and language occurs.
 */
@OnScreen
class NothingClippedTest {

  private static final List<Double> SCALES = List.of(0.7, 1.0, 1.4, 2.0);

  @RegisterExtension final DesktopStage desktop = new DesktopStage(1280, 800);
  private final TreeSet<String> found = new TreeSet<>();

  private void look(String where) {
    desktop.settle();
    desktop.layout();
    LabWindow.read(() -> Clipping.in(desktop.scene().getRoot()))
        .forEach(each -> found.add(each + " (" + where + ")"));
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

  @Test
  void everyStepOfEveryLessonHasRoom(FxRobot robot) {
    // Letters of the stage are larger than those of the workbench and grow with the window.
    List<Double> sizes = List.of(1.4, 1.0, 1.4, 1.4, 1.0);
    int turn = 0;
    for (Lesson lesson : Lessons.course()) {
      set(robot, sizes.get(turn % sizes.size()), Locale.ENGLISH, Theme.Choice.DARK);
      robot.interact(() -> desktop.get(StageModel.class).begin(lesson));
      for (int step = 0; step < lesson.steps().size(); step++) {
        Locale language = Texts.LANGUAGES.get((turn + step) % 2);
        int wanted = step;
        robot.interact(
            () -> {
              desktop.get(Texts.class).setLocale(language);
              desktop.get(PresetPlayer.class).goTo(wanted);
            });
        String where = lesson.name() + " step " + (step + 1) + " " + language.getLanguage();
        look(where);
        LabWindow.read(this::outOfSight).forEach(each -> found.add(each + " (" + where + ")"));
      }
      turn++;
      robot.interact(() -> desktop.get(StageModel.class).leave());
    }
    assertThat(found).isEmpty();
  }

  /** Words, questions and outlined rows of the stage that must be scrolled to. */
  private List<String> outOfSight() {
    var hidden = new ArrayList<String>();
    for (String id : List.of("stage-words", "stage-question")) {
      var scroll = (ScrollPane) desktop.scene().lookup("#" + id);
      double needed = scroll.getContent().getLayoutBounds().getHeight();
      if (needed > scroll.getViewportBounds().getHeight() + 1) {
        hidden.add(id + " is longer than its place");
      }
    }
    Node stage = desktop.scene().lookup("#stage");
    stage.lookupAll(".table-view").forEach(table -> hidden(table, hidden));
    stage.lookupAll(".list-view").forEach(list -> hidden(list, hidden));
    return hidden;
  }

  private static void hidden(Node control, List<String> hidden) {
    int row =
        switch (control) {
          case TableView<?> table -> table.getSelectionModel().getSelectedIndex();
          case ListView<?> list -> list.getSelectionModel().getSelectedIndex();
          default -> -1;
        };
    if (row >= 0
        && control.lookup(".virtual-flow") instanceof VirtualFlow<?> flow
        && flow.getHeight() > 0) {
      IndexedCell<?> cell = flow.getVisibleCell(row);
      if (cell == null
          || cell.getLayoutY() < -1
          || cell.getLayoutY() + cell.getHeight() > flow.getHeight() + 1) {
        hidden.add("row " + row + " of " + control.getId() + " is out of sight");
      }
    }
  }

  @Test
  void everyFormHasRoom(FxRobot robot) {
    List<String> own = List.of("map", "unmap", "send-dma", "invalidate");
    var forms = new ArrayList<>(own);
    forms.addAll(desktop.get(WordForms.class).ops());
    Preset preset = Presets.named("vfio-dma-map").orElseThrow();
    show(robot, preset, preset.steps().size());
    desktop.settle();
    int turn = 0;
    for (String form : forms) {
      double scale = SCALES.get(turn % SCALES.size());
      Locale language = Texts.LANGUAGES.get(turn / SCALES.size() % 2);
      turn++;
      set(robot, scale, language, Theme.Choice.CONTRAST);
      desktop.settle();
      robot.interact(
          () -> {
            if (own.contains(form)) {
              desktop.get(Actions.class).get(form).run();
            } else {
              desktop.get(WordForms.class).open(form);
            }
          });
      String where = "form " + form + " " + language.getLanguage() + " " + scale;
      look(where);
      StackPane layer = desktop.get(Overlay.class).node();
      robot.interact(
          () -> {
            for (Node card : layer.getChildren()) {
              Bounds place = card.localToParent(card.getLayoutBounds());
              if (!layer.getLayoutBounds().contains(place)) {
                found.add(card.getId() + " leaves the window: " + place + " (" + where + ")");
              }
            }
            if (layer.getChildren().isEmpty()) {
              found.add("nothing opens (" + where + ")");
            }
            desktop.get(Overlay.class).close();
          });
    }
    assertThat(found).isEmpty();
  }
}
