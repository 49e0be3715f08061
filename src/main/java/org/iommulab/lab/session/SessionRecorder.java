package org.iommulab.lab.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.Laboratory;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a file in step with a laboratory: after every change it adds what is new. What could not be
 * written is written with the next change. Lives on the laboratory's thread.
 */
public final class SessionRecorder {

  /** A file this large starts anew when the journal does. */
  private static final long WORTH_A_NEW_FILE = 1 << 20;

  private final Path folder;
  private final Consumer<String> trouble;
  private @Nullable SessionFile file;
  private List<JournalEntry> journal = List.of();
  private int position;
  private Optional<Ground> ground = Optional.empty();
  private Optional<Place> place = Optional.empty();
  private Optional<Place> keptPlace = Optional.empty();
  private Sight sight = Sight.NONE;
  private Sight keptSight = Sight.NONE;
  private boolean troubled;
  private boolean ended;

  /**
   * A recorder into a folder; the file is made when there is something to keep.
   *
   * @param trouble is told why nothing can be kept, once for each time it begins
   */
  public SessionRecorder(Path folder, Consumer<String> trouble) {
    this.folder = folder;
    this.trouble = trouble;
  }

  /** The laboratory has changed. */
  public void follow(Laboratory lab) {
    if (!ended) {
      keep(lab.journal(), lab.position(), ground(lab));
    }
  }

  /** The person has moved on in a preset, or left it. */
  public void place(Optional<Place> now) {
    place = now;
    if (!ended) {
      keep(journal, position, ground);
    }
  }

  /** The window shows something else beside the laboratory. */
  public void sight(Sight now) {
    sight = now;
    if (!ended) {
      keep(journal, position, ground);
    }
  }

  private static Optional<Ground> ground(Laboratory lab) {
    return lab.evidence().map(dump -> new Ground(source(dump.source()), lab.isForked()));
  }

  /** A name that means the same from another folder. */
  private static String source(String name) {
    Path path = Path.of(name);
    return path.toFile().exists() ? path.toAbsolutePath().toString() : name;
  }

  private void keep(List<JournalEntry> now, int at, Optional<Ground> under) {
    int common = shared(now);
    if (common < journal.size()) {
      // The steps that stood there are gone; the player says later where it stands.
      place = place.map(stood -> stood.upTo(common));
    }
    try {
      write(now, at, under);
      journal = now;
      position = at;
      ground = under;
      keptPlace = place;
      keptSight = sight;
      troubled = false;
    } catch (IOException e) {
      if (!troubled) {
        troubled = true;
        trouble.accept(WhyNot.written(e));
      }
    }
  }

  private void write(List<JournalEntry> now, int at, Optional<Ground> under) throws IOException {
    if (shared(now) == 0 || !ground.equals(under)) {
      setAside();
    }
    SessionFile target = file;
    boolean anew = target != null && shared(now) == 0 && target.length() > WORTH_A_NEW_FILE;
    if (target == null || anew) {
      boolean empty = now.isEmpty() && under.isEmpty() && sight.evidence().isEmpty();
      if (empty && target == null) {
        return;
      }
      SessionFile fresh = SessionFile.create(folder);
      try {
        keptSight = Sight.NONE;
        fresh.append(changes(List.of(), 0, Optional.empty(), Optional.empty(), now, at, under));
      } catch (IOException e) {
        fresh.delete();
        throw e;
      }
      file = fresh;
      if (target != null) {
        target.delete();
      }
      return;
    }
    List<String> lines = changes(journal, position, ground, keptPlace, now, at, under);
    if (!lines.isEmpty()) {
      target.append(lines);
    }
  }

  /** What a person did stays when something else takes its place. */
  private void setAside() throws IOException {
    SessionFile last = file;
    if (last != null && (hasOwnCommands() || ended && hasPasted())) {
      last.moveTo(EarlierSession.place(folder, journal.size(), name()));
      EarlierSession.prune(folder);
      forget();
    }
  }

  private String name() {
    return keptPlace
        .map(Place::preset)
        .or(() -> ground.map(dump -> fileName(Path.of(dump.source()))))
        .or(() -> keptSight.evidence().stream().map(SessionRecorder::fileName).findFirst())
        .orElse("");
  }

  private static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** Tells whether a text is on show that is nowhere but in our folder. */
  private boolean hasPasted() {
    return keptSight.evidence().stream().anyMatch(file -> file.startsWith(folder));
  }

  /** Tells whether there are commands that no preset gave. */
  private boolean hasOwnCommands() {
    return journal.size() > keptPlace.map(Place::commands).orElse(0);
  }

  private void forget() {
    file = null;
    journal = List.of();
    position = 0;
    ground = Optional.empty();
    keptPlace = Optional.empty();
    keptSight = Sight.NONE;
  }

  private List<String> changes(
      List<JournalEntry> before,
      int from,
      Optional<Ground> over,
      Optional<Place> stood,
      List<JournalEntry> now,
      int at,
      Optional<Ground> under) {
    var lines = new ArrayList<String>();
    int common = shared(before, now);
    int here = from;
    if (!over.equals(under)) {
      lines.add(SessionLines.ground(under));
      common = 0;
      here = 0;
    } else if (common < before.size()) {
      lines.add(SessionLines.cut(common));
      here = Math.min(from, common);
    }
    if (common < now.size() && here != common) {
      lines.add(SessionLines.position(common));
      here = common;
    }
    for (JournalEntry entry : now.subList(common, now.size())) {
      lines.add(SessionLines.command(entry.command()));
      here++;
    }
    if (here != at) {
      lines.add(SessionLines.position(at));
    }
    if (!stood.equals(place)) {
      lines.add(SessionLines.place(place));
    }
    if (!keptSight.equals(sight)) {
      lines.add(SessionLines.sight(sight));
    }
    return lines;
  }

  private int shared(List<JournalEntry> now) {
    return shared(journal, now);
  }

  /**
   * How many entries two states of a journal begin with in common. Entries are the same objects as
   * long as they stay in the journal, and one that stays keeps all before it.
   */
  @SuppressWarnings("ReferenceEquality")
  private static int shared(List<JournalEntry> before, List<JournalEntry> now) {
    int low = 0;
    int high = Math.min(before.size(), now.size());
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (before.get(middle - 1) == now.get(middle - 1)) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Tells whether everything is on the disk. */
  public boolean isInStep() {
    return !troubled;
  }

  /**
   * The program ends as it should: its file goes, or becomes an {@link EarlierSession} if there are
   * commands of the person's own in it.
   */
  public void end() {
    ended = true;
    try {
      setAside();
      SessionFile last = file;
      if (last != null) {
        last.delete();
      }
    } catch (IOException e) {
      // It is offered at the next start, which loses nothing.
    }
  }
}
