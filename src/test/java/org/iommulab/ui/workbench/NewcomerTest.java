package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javafx.scene.Node;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import org.iommulab.course.Lessons;
import org.iommulab.evidence.Sample;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.script.Presets;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.learn.LearnModel;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.workbench.Openables.Openable;
import org.iommulab.ui.workbench.PaletteModel.Entry;
import org.iommulab.ui.workbench.PaletteModel.Group;
import org.iommulab.ui.workbench.PaletteModel.Heading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testfx.api.FxRobot;

/** What someone looks for who sees the window for the first time, at 1280 × 800. */
@OnScreen
class NewcomerTest {

  @RegisterExtension final DesktopStage desktop = new DesktopStage(1280, 800);

  private List<PaletteModel.Line> found(String words) {
    return LabWindow.read(
        () -> {
          var palette = desktop.get(PaletteModel.class);
          palette.lookAround();
          return palette.find(words);
        });
  }

  private List<Entry> entries(String words, Group group) {
    return found(words).stream()
        .flatMap(line -> line instanceof Entry entry ? Stream.of(entry) : Stream.empty())
        .filter(entry -> entry.group() == group)
        .toList();
  }

  /** Both languages are looked through, whichever is spoken. */
  @ParameterizedTest
  @CsvSource({
    "theme, theme-dark",
    "dark, theme-dark",
    "主题, theme-contrast",
    "language, language-zh",
    "chinese, language-zh",
    "中文, language-zh",
    "english, language-en",
    "text size, text-bigger",
    "settings, preferences",
    "undo, undo",
    "撤销, undo"
  })
  void aCommandIsFoundByTheWordsForIt(String words, String action) {
    String text = desktop.get(Texts.class).get(desktop.get(Actions.class).get(action).textKey());
    for (Locale language : Texts.LANGUAGES) {
      LabWindow.read(
          () -> {
            desktop.get(Texts.class).setLocale(language);
            return language;
          });
      String shown = desktop.get(Texts.class).get(desktop.get(Actions.class).get(action).textKey());
      assertThat(entries(words, Group.COMMANDS))
          .extracting(Entry::text)
          .anyMatch(each -> each.endsWith(shown));
    }
    assertThat(text).isNotEmpty();
  }

  /** The words of a name may be typed in any order. */
  @Test
  void whatHasAllWordsInItsNameComesFirst() {
    for (String words : List.of("dark theme", "theme dark", "contrast theme")) {
      assertThat(entries(words, Group.COMMANDS).getFirst().text())
          .as(words)
          .startsWith("Theme: ")
          .containsIgnoringCase(words.replace("theme", "").strip());
    }
  }

  @Test
  void lessonsPresetsExercisesAndSamplesAreFoundByTheirTitlesInBothLanguages() {
    for (Locale language : Texts.LANGUAGES) {
      for (var lesson : Lessons.course()) {
        assertThat(entries(lesson.title().in(language.getLanguage()), Group.LESSONS))
            .extracting(Entry::text)
            .contains(lesson.title().in("en"));
      }
      for (var preset : Presets.all()) {
        assertThat(entries(preset.title().in(language.getLanguage()), Group.PRESETS))
            .extracting(Entry::text)
            .contains(preset.title().in("en"));
      }
    }
    assertThat(entries("translate by hand", Group.LESSONS)).hasSize(1);
    assertThat(entries("sample", Group.SESSIONS)).hasSize(4);
  }

  @Test
  void groupsStandInOrderAndThatOfTheWordTypedComesFirst() {
    List<Group> all =
        found("").stream()
            .flatMap(line -> line instanceof Heading heading ? Stream.of(heading) : Stream.empty())
            .map(Heading::group)
            .toList();
    assertThat(all).isSorted().startsWith(Group.COMMANDS, Group.LESSONS, Group.PRESETS);
    assertThat(found("iommu_map").getFirst())
        .isInstanceOfSatisfying(
            Heading.class, first -> assertThat(first.group()).isEqualTo(Group.FUNCTIONS));
  }

  /** Typing the word and Enter does it. */
  @Test
  void whatHasTheWordInItsNameComesFirst() {
    assertThat(entries("dark", Group.COMMANDS).getFirst().text()).isEqualTo("Theme: Dark");
  }

  @Test
  void noTwoCommandsHaveTheSameKeys() {
    var taken = new HashMap<KeyCombination, String>();
    var twice = new ArrayList<String>();
    for (Action action : desktop.get(Actions.class).all()) {
      KeyCombination keys = action.ordinaryShortcut();
      String other = keys == null ? null : taken.put(keys, action.id());
      if (other != null) {
        twice.add(action.id() + " and " + other + ": " + keys);
      }
    }
    assertThat(twice).isEmpty();
  }

  @Test
  void theMenuOfLessonsHasTheLessons() {
    List<String> texts =
        LabWindow.read(
            () -> {
              MenuBar bar = (MenuBar) desktop.scene().lookup("#menu-bar");
              Menu lessons = menu(bar.getMenus(), "lessons-menu");
              Menu course = menu(lessons.getItems(), "course-menu");
              course.getOnShowing().handle(new javafx.event.Event(Menu.ON_SHOWING));
              return course.getItems().stream().map(MenuItem::getText).toList();
            });
    assertThat(texts)
        .isEqualTo(Lessons.course().stream().map(lesson -> lesson.title().in("en")).toList());
  }

  /** Every action stands in one menu once, and no menu is longer than a small window is high. */
  @Test
  void noMenuSaysAThingTwiceOrIsTooLong() {
    List<MenuItem> all = new ArrayList<>();
    LabWindow.read(
        () -> {
          ((MenuBar) desktop.scene().lookup("#menu-bar"))
              .getMenus()
              .forEach(menu -> gather(menu, all));
          return true;
        });
    assertThat(all.stream().map(MenuItem::getId).filter(Objects::nonNull)).doesNotHaveDuplicates();
    for (MenuItem item : all) {
      if (item instanceof Menu menu) {
        assertThat(menu.getItems()).as(menu.getId()).hasSizeLessThan(25);
      }
    }
  }

  private static void gather(MenuItem item, List<MenuItem> into) {
    into.add(item);
    if (item instanceof Menu menu) {
      menu.getItems().forEach(inner -> gather(inner, into));
    }
  }

  private static Menu menu(List<? extends MenuItem> items, String id) {
    return items.stream()
        .filter(item -> id.equals(item.getId()))
        .map(Menu.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private String title() {
    return LabWindow.read(() -> desktop.get(Workbench.class).sessionTitle().getValue());
  }

  private Node focus() {
    return LabWindow.read(() -> desktop.scene().getFocusOwner());
  }

  /** The title names what the window shows, and after it what it showed before. */
  @Test
  void theTitleNamesWhatIsShown(FxRobot robot) {
    String before = title();
    robot.interact(() -> desktop.get(LearnModel.class).open());
    desktop.settle();
    assertThat(title()).isEqualTo("Learn");
    var openables = desktop.get(Openables.class);
    Openable exercise = openables.on(openables.shelves().iterator().next()).getFirst();
    robot.interact(exercise.open());
    desktop.settle();
    assertThat(title()).isEqualTo(exercise.name().get());
    robot.type(KeyCode.ESCAPE);
    desktop.settle();
    assertThat(title()).isEqualTo(before);
  }

  @Test
  void theTitleOfAForkSaysThatItIsOne(FxRobot robot) {
    var dump = (Snapshot) Sample.values()[0].open();
    robot.interact(() -> desktop.get(PresetPlayer.class).forget());
    robot.interact(
        () ->
            desktop
                .get(LabModel.class)
                .change(
                    lab -> {
                      lab.open(dump);
                      return lab.fork();
                    },
                    done -> {}));
    desktop.settle();
    assertThat(title()).isEqualTo("fork of " + dump.source());
  }

  /** Keys pressed after Esc must not open what the toolkit happens to have chosen. */
  @Test
  void theKeyboardGoesBackToWhereItWasBeforeTheStage(FxRobot robot) {
    Node tables = desktop.scene().lookup("#calls-list");
    robot.interact(tables::requestFocus);
    robot.interact(() -> desktop.get(LearnModel.class).open());
    desktop.settle();
    robot.interact(() -> desktop.get(LearnModel.class).goOn(Lessons.course().getFirst()));
    desktop.settle();
    robot.type(KeyCode.ESCAPE);
    desktop.settle();
    assertThat(focus()).isSameAs(tables);
  }

  @Test
  void nobodyHasTheKeyboardWhenAMessageWasAnswered(FxRobot robot) {
    robot.interact(
        () ->
            desktop
                .get(Notices.class)
                .offer(Role.WARN, () -> "A dump.", "recovery.restore", () -> {}));
    desktop.settle();
    robot.interact(() -> desktop.scene().lookup("#message-accept").requestFocus());
    robot.type(KeyCode.SPACE);
    desktop.settle();
    assertThat(desktop.get(Notices.class).currentProperty().get()).isNull();
    assertThat(focus()).isSameAs(desktop.scene().getRoot());
  }

  @Test
  void nobodyHasTheKeyboardWhenTheFirstPageIsLeft(FxRobot robot) {
    robot.interact(() -> desktop.scene().getRoot().requestFocus());
    robot.interact(() -> desktop.get(LearnModel.class).open());
    desktop.settle();
    robot.clickOn("#learn-workbench");
    desktop.settle();
    assertThat(focus()).isSameAs(desktop.scene().getRoot());
  }

  /** The bench is folded in a window of this width; what the preset says is not. */
  @Test
  void whatThePresetSaysIsReadableWithoutAGesture(FxRobot robot) {
    var player = desktop.get(PresetPlayer.class);
    robot.interact(() -> player.load(player.progress().preset().orElseThrow(), 1));
    desktop.settle();
    for (int step = 1; step <= player.progress().steps(); step++) {
      desktop.settle();
      Node words = desktop.scene().lookup("#lesson-words");
      assertThat(words).as("step " + step).isNotNull();
      assertThat(
              LabWindow.read(
                  () -> {
                    var scroll = (ScrollPane) words;
                    double seen = scroll.getViewportBounds().getHeight();
                    return scroll.getContent().getLayoutBounds().getHeight() - seen;
                  }))
          .as("hidden of step " + step)
          .isLessThan(1);
      robot.interact(player::step);
    }
    robot.clickOn("#bench-rail");
    desktop.settle();
    assertThat(desktop.scene().lookup("#bench-pane")).isNotNull();
    assertThat(desktop.scene().getRoot().lookupAll("#lesson-words")).hasSize(1);
    robot.interact(player::forget);
    robot.interact(() -> desktop.get(Actions.class).get("fold-bench").run());
    desktop.settle();
    assertThat(desktop.scene().lookup("#lesson-words")).isNull();
  }
}
