package org.iommulab.ui.file;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.iommulab.lab.script.Reading;
import org.iommulab.lab.script.Script;
import org.iommulab.ui.FxThread;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.settings.SafeFile;

/**
 * Keeps the session on disk while the window is open. A program that ends well takes its file away;
 * one that does not leaves it, and the next start offers to go on from there.
 */
@Singleton
public final class Recovery {

  private static final String PREFIX = "session-";
  private static final String SUFFIX = ".jsonl";

  private final LabModel model;
  private final PresetPlayer player;
  private final Notices notices;
  private final Texts texts;
  private final Path folder;
  private final Path file;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          task -> Thread.ofPlatform().daemon().name("recovery").unstarted(task));
  private final Executor fx;
  private boolean writing;
  private boolean again;

  @Inject
  public Recovery(
      LabModel model,
      PresetPlayer player,
      Notices notices,
      Texts texts,
      Folders folders,
      @FxThread Executor fx) {
    this.fx = fx;
    this.model = model;
    this.player = player;
    this.notices = notices;
    this.texts = texts;
    folder = folders.state();
    file = folder.resolve(PREFIX + ProcessHandle.current().pid() + SUFFIX);
  }

  /** Offers what an earlier program left, then follows the laboratory. */
  public void start() {
    leftBehind().ifPresent(this::offer);
    model.snapshotProperty().subscribe(snapshot -> save());
  }

  /** The program ends as it should. */
  public void finished() {
    writer.shutdownNow();
    delete(file);
  }

  private void offer(Path left) {
    if (Script.read(left) instanceof Reading.Good<Script>(Script script)
        && !script.commands().isEmpty()) {
      notices.offer(
          Role.WARN,
          texts.get("recovery.offer", script.commands().size()),
          "recovery.restore",
          () -> restore(script));
    }
    delete(left);
  }

  private void restore(Script script) {
    player.forget();
    model.change(lab -> CarriedOut.afresh(lab, script), this::tellRefused);
  }

  private void tellRefused(CarriedOut what) {
    what.why()
        .ifPresent(
            why ->
                notices.tell(
                    Role.WARN,
                    texts.get("recovery.restored-refused", what.done(), what.refused(), why)));
  }

  /** The newest file of a program that does not run any more. */
  private Optional<Path> leftBehind() {
    try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
      List<Path> left = files.filter(Recovery::isLeft).sorted().toList();
      return left.stream()
          .max((a, b) -> Long.compare(a.toFile().lastModified(), b.toFile().lastModified()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isLeft(Path path) {
    String name = path.getFileName().toString();
    if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
      return false;
    }
    try {
      long pid = Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
      return ProcessHandle.of(pid).isEmpty();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  // At most one write under way; what changes meanwhile is written by the next.
  private void save() {
    again = true;
    if (!writing) {
      writing = true;
      again = false;
      model.change(lab -> lab.toScript("session"), this::write);
    }
  }

  private void write(Script script) {
    CompletableFuture.runAsync(() -> writeNow(script.toText()), writer)
        .whenCompleteAsync((done, problem) -> written(), fx);
  }

  private void writeNow(String text) {
    try {
      SafeFile.write(file, text);
    } catch (IOException e) {
      // A full or read-only disk must not disturb the work; saving by hand will tell.
    }
  }

  private void written() {
    writing = false;
    if (again) {
      save();
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // It is offered again next time.
    }
  }
}
