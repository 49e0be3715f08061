package org.iommulab.ui.file;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.iommulab.course.Lessons;
import org.iommulab.evidence.BadEvidence;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Sample;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.lab.session.EarlierSession;
import org.iommulab.lab.session.Ground;
import org.iommulab.lab.session.KeptSession;
import org.iommulab.lab.session.Place;
import org.iommulab.lab.session.SessionFile;
import org.iommulab.lab.session.SessionRecorder;
import org.iommulab.lab.session.Sight;
import org.iommulab.ui.Asker;
import org.iommulab.ui.Face;
import org.iommulab.ui.Faces;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.busy.FxThread;
import org.iommulab.ui.busy.Work;
import org.iommulab.ui.casefile.CaseModel;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.settings.Settings;
import org.iommulab.words.Bilingual;

/**
 * Keeps the session on disk while the window is open. A program that ends well takes its file away;
 * one that does not leaves it, and the next start offers to go on from there. A file goes only when
 * the person has decided: restored and kept anew, or discarded.
 */
@Singleton
public final class Recovery {

  /** The setting that says whether sessions are kept, from the next start on. */
  public static final String KEPT = "recovery.kept";

  private static final long LONGEST_END_S = 5;

  private final LabSession session;
  private final LabModel model;
  private final PresetPlayer player;
  private final CaseModel cases;
  private final Faces faces;
  private final Notices notices;
  private final Texts texts;
  private final Path folder;
  private final Executor fx;
  private final SessionRecorder recorder;

  /** What is still to be decided about; the first is being asked about. */
  private final Deque<SessionFile> left = new ArrayDeque<>();

  @Inject
  public Recovery(
      LabSession session,
      LabModel model,
      PresetPlayer player,
      CaseModel cases,
      Faces faces,
      Notices notices,
      Texts texts,
      Folders folders,
      @FxThread Executor fx) {
    this.session = session;
    this.model = model;
    this.player = player;
    this.cases = cases;
    this.faces = faces;
    this.notices = notices;
    this.texts = texts;
    this.fx = fx;
    folder = folders.state();
    recorder = new SessionRecorder(folder, reason -> fx.execute(() -> tellTrouble(reason)));
  }

  /** Tells whether a person wants sessions to be kept. */
  public static boolean isKept(Settings settings) {
    return settings.flag(KEPT, true);
  }

  /** Follows the laboratory from now on, and offers what earlier programs left. */
  public void start() {
    session.record(recorder::follow);
    player.progressProperty().subscribe(() -> moved(player.place()));
    moved(player.place());
    cases.openedProperty().subscribe(shown -> seen());
    faces.frontProperty().subscribe(face -> seen());
    offer();
  }

  /** Offers what earlier programs left, and keeps nothing itself. */
  public void offer() {
    left.addAll(SessionFile.left(folder));
    askNext();
  }

  /** The program ends as it should; may be called more than once and from any thread. */
  public void finished() {
    CompletableFuture<Boolean> end =
        session.change(
            lab -> {
              recorder.end();
              return true;
            });
    try {
      end.get(LONGEST_END_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The file stays and is offered: nothing is lost.
    }
  }

  private void moved(Optional<Place> place) {
    session.change(
        lab -> {
          recorder.place(place);
          return true;
        });
  }

  private void seen() {
    CaseModel.Shown shown = cases.openedProperty().get();
    Face front = faces.frontProperty().get();
    List<Path> files =
        shown == null ? List.of() : shown.sources().stream().map(Path::toAbsolutePath).toList();
    Sight now = new Sight(files, front == null ? "" : front.id());
    session.change(
        lab -> {
          recorder.sight(now);
          return true;
        });
  }

  private void tellTrouble(String reason) {
    notices.tell(Role.WARN, () -> texts.get("recovery.trouble", folder, reason));
  }

  private void askNext() {
    SessionFile file = left.peek();
    if (file != null) {
      CompletableFuture.supplyAsync(() -> Found.in(file), Thread::startVirtualThread)
          .thenAcceptAsync(found -> ask(file, found), fx)
          .exceptionallyAsync(
              problem -> {
                // It stays as it is; it may be read at the next start.
                putOff(file);
                return null;
              },
              fx);
    }
  }

  /**
   * What a file holds.
   *
   * @param kept the session
   * @param aside where a damaged file was put
   */
  private record Found(KeptSession kept, Optional<Path> aside) {

    static Found in(SessionFile file) {
      try {
        KeptSession kept = file.read();
        Optional<Path> aside =
            kept.damage() > 0 ? Optional.of(file.putAside()) : Optional.<Path>empty();
        return new Found(kept, aside);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void ask(SessionFile file, Found found) {
    KeptSession kept = found.kept();
    if (kept.isEmpty()) {
      found.aside().ifPresent(this::tellNothingReadable);
      decided(file);
      return;
    }
    int commands = kept.commands().size();
    Supplier<String> words =
        () ->
            found
                .aside()
                .map(aside -> texts.get("recovery.offer-damaged", commands, kept.damage(), aside))
                .orElseGet(() -> texts.get("recovery.offer", commands));
    notices.ask(
        Role.WARN,
        words,
        new Notices.Offer("recovery.restore", () -> restore(file, found)),
        new Notices.Offer("recovery.discard", () -> decided(file)));
  }

  private void tellNothingReadable(Path aside) {
    notices.tell(Role.WARN, () -> texts.get("recovery.unreadable", aside));
  }

  /** Sessions that ended well, the newest first. */
  public List<EarlierSession> earlier() {
    return EarlierSession.in(folder);
  }

  /** Goes on with one of them; what is there now becomes one in its place. */
  public void reopen(EarlierSession earlier) {
    CompletableFuture.supplyAsync(() -> open(earlier.path()), Thread::startVirtualThread)
        .whenCompleteAsync(
            (opened, problem) -> {
              if (opened != null) {
                reopen(opened.file(), opened.found());
              } else {
                notices.tell(Role.WARN, () -> texts.get("recovery.earlier-gone", earlier.path()));
              }
            },
            fx);
  }

  private void reopen(SessionFile file, Found found) {
    if (found.kept().isEmpty()) {
      found
          .aside()
          .ifPresentOrElse(
              this::tellNothingReadable,
              () ->
                  notices.tell(Role.WARN, () -> texts.get("recovery.earlier-empty", file.path())));
      decided(file);
      return;
    }
    found
        .aside()
        .ifPresent(
            aside ->
                notices.tell(
                    Role.WARN,
                    () -> texts.get("recovery.earlier-damaged", found.kept().damage(), aside)));
    restore(file, found);
  }

  private record Taken(SessionFile file, Found found) {}

  private static Taken open(Path path) {
    try {
      SessionFile file = SessionFile.open(path);
      return new Taken(file, Found.in(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void decided(SessionFile file) {
    try {
      file.delete();
    } catch (IOException e) {
      // It is offered again next time.
      file.close();
    }
    left.remove(file);
    askNext();
  }

  /** Leaves a file for the next start of the program. */
  private void putOff(SessionFile file) {
    file.close();
    left.remove(file);
    askNext();
  }

  private void restore(SessionFile file, Found found) {
    CompletableFuture.supplyAsync(() -> Grounds.of(found.kept()), Thread::startVirtualThread)
        .thenAcceptAsync(grounds -> restore(file, found, grounds), fx);
  }

  /**
   * What a session stands on, read again.
   *
   * @param dump the dump under it, if there is one
   * @param preset what was being played, if it can still be found
   * @param problem why the dump cannot be opened, or empty
   * @param evidence the case that was open, or why it cannot be; empty if there was none
   */
  private record Grounds(
      Optional<Snapshot> dump, Optional<Preset> preset, String problem, Optional<Opened> evidence) {

    static Grounds of(KeptSession kept) {
      Optional<Preset> preset = kept.place().flatMap(Recovery::preset);
      var seen =
          Optional.of(kept.sight().evidence())
              .filter(files -> !files.isEmpty())
              .map(Opened::explained);
      if (kept.ground().isEmpty()) {
        return new Grounds(Optional.empty(), preset, "", seen);
      }
      return switch (evidence(kept.ground().get().source())) {
        case Snapshot dump -> new Grounds(Optional.of(dump), preset, "", seen);
        case BadEvidence(String sentence) -> new Grounds(Optional.empty(), preset, sentence, seen);
      };
    }

    private static Evidence evidence(String source) {
      return Sample.from(source).map(Sample::open).orElseGet(() -> Evidence.open(Path.of(source)));
    }
  }

  private static Optional<Preset> preset(Place place) {
    Path file = place.file();
    if (file == null) {
      return Presets.named(place.preset());
    }
    return Preset.read(file) instanceof Reading.Good<Preset>(Preset preset)
        ? Optional.of(preset)
        : Optional.empty();
  }

  private void restore(SessionFile file, Found found, Grounds on) {
    KeptSession kept = found.kept();
    if (!on.problem().isEmpty()) {
      // Not decided: the dump may be back at the next start.
      notices.tell(Role.BAD, () -> texts.get("recovery.no-dump", on.problem(), file.path()));
      putOff(file);
      return;
    }
    model.change(
        Work.named("work.restore", kept.commands().size()),
        lab -> carryOut(lab, kept, on.dump()),
        new Asker<>() {
          @Override
          public void answered(CarriedOut restored) {
            tell(file, kept, on, restored);
          }

          @Override
          public void givenUp() {
            ask(file, found);
          }
        });
  }

  private void resume(Grounds on, Place at) {
    on.preset()
        .ifPresentOrElse(
            preset -> player.resume(preset, at),
            () -> Lessons.named(at.preset()).ifPresent(player::resume));
  }

  private static CarriedOut carryOut(Laboratory lab, KeptSession kept, Optional<Snapshot> dump) {
    lab.clear();
    dump.ifPresent(lab::open);
    if (kept.ground().filter(Ground::forked).isPresent()) {
      lab.fork();
    }
    int before = kept.position();
    CarriedOut first = CarriedOut.onto(lab, kept.commands().subList(0, before));
    int position = lab.position();
    CarriedOut undone =
        CarriedOut.onto(lab, kept.commands().subList(before, kept.commands().size()));
    lab.rewind(position);
    return first.and(undone);
  }

  private void tell(SessionFile file, KeptSession kept, Grounds on, CarriedOut restored) {
    player.forget();
    if (restored.refused() == 0) {
      kept.place().ifPresent(at -> resume(on, at));
    }
    Optional<String> notShown = showAgain(kept.sight().face(), on);
    model.change(
        lab -> recorder.isInStep(),
        anew -> {
          if (anew) {
            decided(file);
          } else {
            putOff(file);
          }
        });
    restored
        .why()
        .ifPresentOrElse(
            why ->
                notices.tell(
                    Role.WARN,
                    () ->
                        texts.get(
                            "recovery.restored-refused", restored.done(), restored.refused(), why)),
            () ->
                notShown.ifPresent(
                    why -> notices.tell(Role.WARN, () -> texts.get("recovery.case-lost", why))));
  }

  /** Opens the case again and what had the window; answers why the case cannot be opened. */
  private Optional<String> showAgain(String face, Grounds on) {
    faces.leave();
    Optional<String> problem = Optional.empty();
    switch (on.evidence().orElse(null)) {
      case Opened.Explained(var shown) -> {
        cases.open(shown);
        cases.leave();
      }
      case Opened.Unreadable(Bilingual sentence) -> problem = Optional.of(texts.in(sentence));
      case null, default -> {
        // No case was open.
      }
    }
    faces.show(face);
    return problem;
  }
}
