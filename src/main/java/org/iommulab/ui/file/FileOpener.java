package org.iommulab.ui.file;

import com.google.inject.Inject;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.iommulab.evidence.Sample;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.casefile.CaseExplanation;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Script;
import org.iommulab.ui.Faces;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.busy.Work;
import org.iommulab.ui.casefile.CaseModel;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Folders;
import org.iommulab.words.Bilingual;

/**
 * Opens scripts, presets and dumps. Reading happens beside the window; only when a file was read
 * whole does the laboratory change, so that a bad file loses nothing.
 */
@Singleton
public final class FileOpener {

  private final LabModel model;
  private final PresetPlayer player;
  private final RecentFiles recent;
  private final Notices notices;
  private final Texts texts;
  private final CaseModel cases;
  private final Provider<Actions> actions;
  private final Faces faces;
  private final Folders folders;

  @Inject
  public FileOpener(
      LabModel model,
      PresetPlayer player,
      RecentFiles recent,
      Notices notices,
      Texts texts,
      CaseModel cases,
      Provider<Actions> actions,
      Faces faces,
      Folders folders) {
    this.model = model;
    this.player = player;
    this.recent = recent;
    this.notices = notices;
    this.texts = texts;
    this.cases = cases;
    this.actions = actions;
    this.faces = faces;
    this.folders = folders;
  }

  /** Opens what a person chose or dropped: one file or folder, or a memory image with registers. */
  public void open(List<Path> files) {
    if (!files.isEmpty()) {
      List<Path> sources = sources();
      read(files, () -> Opened.read(files, sources));
    }
  }

  /** Files that the case on show was read from: what is opened now is added to them. */
  private List<Path> sources() {
    CaseModel.Shown shown = cases.openedProperty().get();
    return shown == null || !cases.showingProperty().get() ? List.of() : shown.sources();
  }

  /** Opens a dump that ships with the program. */
  public void open(Sample sample) {
    List<Path> name = List.of(Path.of(sample.id()));
    read(name, () -> Opened.opened(sample.open()));
  }

  /** Opens one file or folder. */
  public void open(Path file) {
    open(List.of(file));
  }

  private void read(List<Path> files, Supplier<Opened> reader) {
    model.aside(
        Work.named("work.open", name(files.getFirst())),
        () -> readOrTell(files.getFirst(), reader),
        opened -> show(files, opened));
  }

  private Opened readOrTell(Path file, Supplier<Opened> reader) {
    try {
      return reader.get();
    } catch (CancellationException givenUp) {
      throw givenUp;
    } catch (RuntimeException mistake) {
      return new Opened.Unreadable(sentence(file, mistake));
    }
  }

  private void show(List<Path> files, Opened opened) {
    String name = name(files.getFirst());
    if (opened instanceof Opened.Unreadable(Bilingual sentence)) {
      notices.tell(Role.BAD, () -> texts.get("refused", sentence));
      return;
    }
    if (!(opened instanceof Opened.Explained)) {
      // The workbench shows it. A case has a face of its own, and what it was opened over waits.
      faces.leave();
    }
    show(files, name, opened);
    if (Files.exists(files.getFirst())) {
      recent.add(files.getFirst());
    }
  }

  private void show(List<Path> files, String name, Opened opened) {
    switch (opened) {
      case Opened.Unreadable _ -> {}
      case Opened.Program(Script script) -> {
        model.change(
            Work.named("work.script", name),
            lab -> CarriedOut.afresh(lab, script),
            done -> {
              player.forget();
              tell(name, done);
            });
      }
      case Opened.Lesson(var preset) -> {
        player.open(preset, files.getFirst().toAbsolutePath());
        tell("file.preset", name, preset.steps().size());
      }
      case Opened.Explained(var shown) -> {
        cases.open(shown);
        shown.explained().front().ifPresent(snapshot -> look(snapshot, warnings -> {}));
        notices.offer(
            Role.OK,
            () -> sentence(name, shown.explained()),
            "file.case-show",
            () -> actions.get().get("show-case").run());
      }
      case Opened.Dump(var snapshot) -> {
        look(snapshot, warnings -> tellDump(name, warnings));
      }
    }
  }

  /** Shows a dump instead of what is there. */
  private void look(Snapshot snapshot, Consumer<List<String>> told) {
    player.forget();
    model.change(
        lab -> {
          lab.open(snapshot);
          return snapshot.warnings();
        },
        told::accept);
  }

  private String sentence(String name, CaseExplanation explained) {
    boolean chinese = texts.isChinese();
    return explained
        .explanation()
        .map(
            found ->
                (explained.others().isEmpty() ? name : found.log().name())
                    + ": "
                    + found.diagnosis().answer().sentence(chinese))
        .orElseGet(() -> texts.get("file.case", name, explained.opened().files().size()));
  }

  /** Reads what a person pasted: a log, debugfs texts, a table. */
  public void paste(String text) {
    List<Path> name = List.of(Path.of(texts.get("file.pasted")));
    List<Path> sources = sources();
    read(name, () -> Pasted.read(text, sources, folders.state()));
  }

  /** Says how many commands were carried out, and why some were not. */
  private void tell(String name, CarriedOut what) {
    what.why()
        .ifPresentOrElse(
            why ->
                notices.tell(
                    Role.WARN,
                    () -> texts.get("file.script-refused", name, what.done(), what.refused(), why)),
            () -> tell("file.script", name, what.done()));
  }

  private void tell(String key, String name, int count) {
    notices.tell(Role.OK, () -> texts.get(key, name, count));
  }

  private void tellDump(String name, List<String> warnings) {
    if (warnings.isEmpty()) {
      notices.offer(
          Role.OK,
          () -> texts.get("file.dump", name),
          "file.fork",
          () -> model.change(Work.named("work.fork"), Laboratory::fork, this::tellFork));
    } else {
      notices.tell(Role.WARN, () -> texts.get("file.dump-warning", name, warnings.getFirst()));
    }
  }

  private void tellFork(Result result) {
    if (result instanceof Result.Refused(Bilingual sentence)) {
      notices.tell(Role.BAD, () -> texts.get("refused", sentence));
    }
  }

  private String sentence(Path file, Throwable mistake) {
    return texts.get("file.mistake", name(file), String.valueOf(mistake.getMessage()));
  }

  private static String name(Path file) {
    return file.getFileName() == null ? file.toString() : file.getFileName().toString();
  }
}
