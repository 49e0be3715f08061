package org.iommulab.ui.record;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.collections.ListChangeListener;
import javafx.event.EventHandler;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.MouseEvent;
import javafx.stage.Window;
import org.iommulab.lab.session.Place;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.ActionSource;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.settings.SafeFile;
import org.jspecify.annotations.Nullable;

/** Shows and copies the id under the pointer, and records what is done as a test. */
@Singleton
public final class RecordActions implements ActionSource {

  private static final String RECORD = "Shortcut+Shift+R";
  private static final String FILE = "RecordedTest.java";

  private final LabModel model;
  private final PresetPlayer player;
  private final Notices notices;
  private final Texts texts;
  private final Path file;
  private final EventHandler<MouseEvent> moved = event -> latest = event;
  private @Nullable MouseEvent latest;
  private @Nullable Recording recording;

  /** What is noted at the beginning of a recording. */
  private record Recording(Gestures gestures, Optional<Place> place, List<String> before) {}

  @Inject
  RecordActions(
      LabModel model, PresetPlayer player, Notices notices, Texts texts, Folders folders) {
    this.model = model;
    this.player = player;
    this.notices = notices;
    this.texts = texts;
    file = folders.state().resolve(FILE);
    player
        .beatsProperty()
        .addListener(
            (_, _, _) -> {
              if (recording != null) {
                recording.gestures().beat();
              }
            });
    Window.getWindows()
        .addListener(
            (ListChangeListener<Window>)
                change -> {
                  while (change.next()) {
                    change.getAddedSubList().forEach(this::follow);
                  }
                });
  }

  private void follow(Window window) {
    if (window.getScene() != null) {
      window.getScene().removeEventFilter(MouseEvent.MOUSE_MOVED, moved);
      window.getScene().addEventFilter(MouseEvent.MOUSE_MOVED, moved);
    }
  }

  @Override
  public List<Action> actions() {
    return List.of(
        Action.named("copy-id").shortcut("Shortcut+Shift+I").runs(this::copyId),
        Action.named("record-test").shortcut(RECORD).runs(this::record));
  }

  private void copyId() {
    Pointed.id(under())
        .ifPresentOrElse(
            id -> {
              copy("#" + id);
              notices.tell(Role.ACCENT, () -> texts.get("record.id", "#" + id));
            },
            () -> notices.tell(Role.MUTED, () -> texts.get("record.no-id")));
  }

  private @Nullable Node under() {
    MouseEvent event = latest;
    Scene scene = event != null && event.getSource() instanceof Scene source ? source : null;
    return event == null || scene == null
        ? null
        : Pointed.at(scene.getRoot(), event.getSceneX(), event.getSceneY());
  }

  private void record() {
    Recording running = recording;
    if (running == null) {
      model.change(lab -> SessionText.of(lab), this::begin);
    } else {
      recording = null;
      List<String> lines = running.gestures().stop();
      model.change(lab -> SessionText.of(lab), commands -> finish(running, lines, commands));
    }
  }

  private void begin(List<String> before) {
    int prepared =
        player.place().stream()
            .flatMap(place -> place.steps().stream())
            .mapToInt(step -> step.end() - step.start())
            .sum();
    Optional<Place> place =
        player.place().filter(at -> at.file() == null && prepared == before.size());
    var gestures = new Gestures(KeyCombination.keyCombination(RECORD)::match);
    recording = new Recording(gestures, place, before);
    notices.tell(Role.ACCENT, () -> texts.get("record.begun"));
    gestures.start();
  }

  private void finish(Recording of, List<String> lines, List<String> now) {
    int kept = Math.min(of.before().size(), now.size());
    while (kept > 0 && !of.before().subList(0, kept).equals(now.subList(0, kept))) {
      kept--;
    }
    String code =
        new TestCode(of.place(), of.before(), lines, now.subList(kept, now.size())).text();
    copy(code);
    try {
      SafeFile.write(file, code);
      notices.tell(Role.OK, () -> texts.get("record.done", file));
    } catch (IOException e) {
      notices.tell(Role.OK, () -> texts.get("record.copied"));
    }
  }

  private static void copy(String text) {
    var content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }
}
