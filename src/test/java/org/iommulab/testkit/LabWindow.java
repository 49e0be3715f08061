package org.iommulab.testkit;

import com.google.inject.AbstractModule;
import com.google.inject.Injector;
import com.google.inject.name.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.iommulab.app.Wiring;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Presets;
import org.iommulab.lab.script.Script;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.file.MistakeLog;
import org.iommulab.ui.player.PlayClock;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.workbench.Workbench;
import org.iommulab.words.Bilingual;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/**
 * The real window around a laboratory of its own, in English and light, with its files in a folder
 * of its own. Open it in {@code @Start}; call everything else in the test. What does something
 * waits until the window shows what came of it.
 */
public final class LabWindow {

  /** A size that the off-screen platform can show as well. */
  private static final double WIDTH = 980;

  private static final double HEIGHT = 900;

  private final Injector injector;
  private final HandClock clock;
  private final HandClock reading;
  private final Scene scene;
  private final FxRobot robot = new FxRobot();
  private int started;

  private LabWindow(Injector injector, HandClock clock, HandClock reading, Scene scene) {
    this.injector = injector;
    this.clock = clock;
    this.reading = reading;
    this.scene = scene;
  }

  /** Opens the window with an empty laboratory; on the JavaFX thread. */
  public static LabWindow open(Stage stage) {
    return open(stage, WIDTH, HEIGHT);
  }

  /** The same in a size; off-screen at most 980 by 900. */
  public static LabWindow open(Stage stage, double width, double height) {
    Path home;
    try {
      home = Files.createTempDirectory("iommu-lab-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var clock = new HandClock();
    var reading = new HandClock();
    Injector injector =
        Wiring.desktop(
            new Folders(home, home),
            new AbstractModule() {
              @Override
              protected void configure() {
                bind(PlayClock.class).toInstance(clock);
                bind(PlayClock.class)
                    .annotatedWith(Names.named(PlayClock.OF_MESSAGES))
                    .toInstance(reading);
              }
            });
    injector.getInstance(MistakeLog.class).start();
    injector.getInstance(Texts.class).setLocale(Locale.ENGLISH);
    injector.getInstance(Theme.class).choiceProperty().set(Theme.Choice.LIGHT);
    var scene = new Scene(injector.getInstance(Workbench.class).node(), width, height);
    injector.getInstance(Theme.class).dress(scene);
    stage.setScene(scene);
    stage.setWidth(width);
    stage.setHeight(height);
    stage.show();
    return new LabWindow(injector, clock, reading, scene);
  }

  /** Plays the first steps of a preset that ships with the program. */
  public void preset(String name, int steps) {
    var preset =
        Presets.named(name)
            .orElseThrow(() -> new IllegalArgumentException("there is no preset " + name));
    read(
        () -> {
          get(PresetPlayer.class).load(preset, steps);
          return true;
        });
    settle();
    started = journal().size();
  }

  /** Carries out lines of a script on a fresh machine. */
  public void script(String... lines) {
    switch (Script.parse("script", String.join("\n", lines))) {
      case Reading.Bad<Script>(Bilingual sentence) ->
          throw new IllegalArgumentException(sentence.english());
      case Reading.Good<Script>(Script script) ->
          session()
              .change(
                  lab -> {
                    lab.clear();
                    script.commands().forEach(lab::execute);
                    return true;
                  })
              .join();
    }
    settle();
    started = journal().size();
  }

  /** Clicks what has an id, {@code "#map-button"}; brings its pane into view if that is needed. */
  public void click(String id) {
    robot.clickOn(find(id));
    settle();
  }

  /** Clicks twice. */
  public void doubleClick(String id) {
    robot.doubleClickOn(find(id));
    settle();
  }

  /** Clicks with the other button. */
  public void rightClick(String id) {
    robot.clickOn(find(id), MouseButton.SECONDARY);
    settle();
  }

  /** Types a text into a field, instead of what is in it. */
  public void write(String id, String text) {
    TextInputControl field = find(id, TextInputControl.class);
    robot.interact(
        () -> {
          field.requestFocus();
          field.setText(text);
          field.end();
        });
    settle();
  }

  /** Chooses a line of a choice by its number, counted from 0. */
  public void choose(String id, int index) {
    ComboBox<?> choice = find(id, ComboBox.class);
    robot.interact(() -> choice.getSelectionModel().select(index));
    settle();
  }

  /** Presses keys together, such as {@code CONTROL, Z}. */
  public void press(KeyCode... keys) {
    read(
        () -> {
          // What another window took from this one it gives back.
          if (Window.getWindows().stream().noneMatch(Window::isFocused)) {
            scene.getWindow().requestFocus();
          }
          return true;
        });
    Arrival.of(keys[keys.length - 1]).await(() -> robot.push(keys));
    settle();
  }

  /** Brings a pane into view by its name, such as {@code "iotlb"}. */
  public void show(String pane) {
    LabPane wanted =
        panes().stream()
            .filter(each -> each.id().equals(pane))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no pane " + pane));
    read(
        () -> {
          get(Workbench.class).reveal(wanted);
          return true;
        });
    settle();
  }

  /** One beat of the clock that a preset plays by. */
  public void tick() {
    read(
        () -> {
          clock.tick();
          return true;
        });
    settle();
  }

  /** Time enough to read the message has passed: one that need not be dismissed is gone. */
  public void messageIsRead() {
    read(
        () -> {
          reading.tick();
          return true;
        });
    settle();
  }

  /** The console below the journal. */
  public ConsolePage console() {
    show("journal");
    return new ConsolePage(this);
  }

  /** A form such as {@code map}, opened by its button or menu item. */
  public FormPage form(String name) {
    click("#" + name + "-button");
    return new FormPage(this, name);
  }

  /** A table such as {@code registers}. */
  public TablePage table(String name) {
    return new TablePage(this, name);
  }

  /** The path of the latest request. */
  public PathPage path() {
    show("path");
    return new PathPage(this);
  }

  /** Waits until every question to the laboratory is answered and shown. Never sleep instead. */
  public void settle() {
    for (int round = 0; round < 6; round++) {
      session().change(lab -> lab.position()).join();
      WaitForAsyncUtils.waitForFxEvents();
    }
    layOut(scene);
  }

  /**
   * Lays a scene out at once: afterwards no pulse changes what is in it, and it can be looked
   * through from any thread.
   */
  public static void layOut(Scene scene) {
    read(
        () -> {
          // What one pass makes wider another pass moves.
          for (int pass = 0; pass < 3; pass++) {
            scene.getRoot().applyCss();
            scene.getRoot().layout();
          }
          return true;
        });
  }

  /** Asks the scene something on the JavaFX thread, which alone may change it. */
  public static <T> T read(Callable<T> question) {
    return WaitForAsyncUtils.waitForAsyncFx(60_000, question);
  }

  /** The node of an id; brings its pane into view if that is needed. */
  public Node find(String id) {
    Optional<Node> there = visible(id);
    if (there.isEmpty()) {
      paneOf(id).ifPresent(pane -> show(pane.id()));
      there = visible(id);
    }
    return there.orElseThrow(() -> new AssertionError("nothing that can be seen has the id " + id));
  }

  /** The node of an id, of a kind. */
  public <T extends Node> T find(String id, Class<T> type) {
    return type.cast(find(id));
  }

  /** The node of an id, if it can be seen now. */
  public Optional<Node> visible(String id) {
    return read(() -> robot.lookup(id).queryAll().stream().filter(LabWindow::isSeen).findFirst());
  }

  private static boolean isSeen(Node node) {
    for (Node at = node; at != null; at = at.getParent()) {
      if (!at.isVisible()) {
        return false;
      }
    }
    return node.getScene() != null;
  }

  /** The pane that has an id in it; of one not laid out yet, whose name the id begins with. */
  private Optional<LabPane> paneOf(String id) {
    return read(
        () ->
            panes().stream()
                .filter(pane -> pane.node().lookup(id) != null)
                .findFirst()
                .or(() -> paneNamed(id)));
  }

  private Optional<LabPane> paneNamed(String id) {
    return panes().stream()
        .filter(pane -> id.startsWith("#" + pane.id() + "-"))
        .max(Comparator.comparingInt(pane -> pane.id().length()));
  }

  private List<LabPane> panes() {
    return get(Workbench.class).panes();
  }

  /** The commands in effect. */
  public List<Command> journal() {
    return session()
        .ask(
            view ->
                view.journal().subList(0, view.position()).stream()
                    .map(JournalEntry::command)
                    .toList())
        .join();
  }

  /** The commands given since {@link #preset} or {@link #script}. */
  public List<Command> given() {
    List<Command> all = journal();
    return all.subList(Math.min(started, all.size()), all.size());
  }

  /** The clock. */
  public HandClock clock() {
    return clock;
  }

  /** The scene. */
  public Scene scene() {
    return scene;
  }

  /** TestFX's robot, for what the kit has no word for; call {@link #settle} after it. */
  public FxRobot robot() {
    return robot;
  }

  /** A part of the program. */
  public <T> T get(Class<T> type) {
    return injector.getInstance(type);
  }

  private LabSession session() {
    return get(LabSession.class);
  }
}
