package org.iommulab.ui.learn;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Script;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.settings.SafeFile;
import org.iommulab.ui.settings.Settings;
import org.iommulab.ui.stage.StageModel;
import org.iommulab.ui.stage.StageModel.Standing;

/**
 * What a person has done in each lesson: how far, how well, how long. The journal of each lesson is
 * kept as well, so that one goes on where one stopped, and can hand it in.
 */
@Singleton
public final class Progress {

  private static final String KEY = "lesson.";

  /** Longer than that at one step is a break. */
  private static final long BREAK_SECONDS = 300;

  /**
   * What is known of a lesson.
   *
   * @param step the step on stage last, counted from 1; 0 if it was never begun
   * @param seconds time spent
   */
  record Of(int step, int right, int answered, long seconds) {

    boolean begun() {
      return step > 0;
    }
  }

  private final LabModel model;
  private final Settings settings;
  private final Path folder;
  private final InstantSource time;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("progress").unstarted(task));
  private long since;

  @Inject
  public Progress(
      LabModel model, StageModel stage, Settings settings, Folders folders, InstantSource time) {
    this.model = model;
    this.settings = settings;
    this.folder = folders.state().resolve("lessons");
    this.time = time;
    stage.standingProperty().subscribe(standing -> standing.ifPresent(this::note));
    stage
        .showingProperty()
        .subscribe(
            showing -> {
              since = now();
              if (!showing) {
                settings.save();
              }
            });
  }

  private long now() {
    return time.instant().getEpochSecond();
  }

  /** What is known of a lesson. */
  Of of(String lesson) {
    return new Of(
        (int) settings.number(KEY + lesson + ".step", 0),
        (int) settings.number(KEY + lesson + ".right", 0),
        (int) settings.number(KEY + lesson + ".answered", 0),
        (long) settings.number(KEY + lesson + ".seconds", 0));
  }

  /** The lesson that was on stage last. */
  Optional<String> latest() {
    return Optional.of(settings.text("lesson.latest", "")).filter(name -> !name.isEmpty());
  }

  private void note(Standing standing) {
    String key = KEY + standing.lesson();
    long spent = Math.clamp(now() - since, 0, BREAK_SECONDS);
    since = now();
    settings.put("lesson.latest", standing.lesson());
    settings.put(key + ".step", (double) standing.step());
    settings.put(key + ".right", (double) standing.right());
    settings.put(key + ".answered", (double) standing.answered());
    settings.put(key + ".seconds", (double) (of(standing.lesson()).seconds() + spent));
    model.change(
        lab -> lab.toScript(standing.lesson()).toText(),
        text -> writer.execute(() -> write(journal(standing.lesson()), text)));
  }

  private static void write(Path file, String text) {
    try {
      SafeFile.write(file, text);
    } catch (IOException e) {
      // A full disk must not disturb the lesson; the session can still be saved by hand.
    }
  }

  /** Where the journal of a lesson is kept. */
  Path journal(String lesson) {
    return folder.resolve(lesson.replaceAll("[^A-Za-z0-9._-]", "_") + ".jsonl");
  }

  /** The kept journal of a lesson; none if it cannot be read. */
  List<Command> read(String lesson) {
    Path file = journal(lesson);
    return Files.exists(file) && Script.read(file) instanceof Reading.Good<Script>(Script script)
        ? script.commands()
        : List.of();
  }
}
