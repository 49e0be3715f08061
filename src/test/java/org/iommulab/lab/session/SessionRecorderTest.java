package org.iommulab.lab.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.iommulab.evidence.Sample;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.session.Place.Span;
import org.iommulab.testing.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionRecorderTest {

  @TempDir private Path folder;
  @TempDir private Path copies;

  private final Laboratory lab = new Laboratory();
  private final List<String> troubles = new ArrayList<>();

  private static List<Command> commands(Laboratory lab) {
    return lab.journal().stream().map(JournalEntry::command).toList();
  }

  private Path only() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }

  /** What another program would read; this one holds the lock, so it reads a copy. */
  private KeptSession kept() throws IOException {
    Path other = Files.createDirectories(copies.resolve("one"));
    Files.write(other.resolve("session-1.jsonl"), Files.readAllBytes(only()));
    try (SessionFile file = SessionFile.left(other).getFirst()) {
      return file.read();
    }
  }

  private static boolean holdsNoFile(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.noneMatch(Files::isRegularFile);
    }
  }

  @Seeds
  void theFileSaysWhatTheJournalSays(long seed) throws IOException {
    var random = new SplittableRandom(seed);
    var recorder = new SessionRecorder(folder, troubles::add);
    lab.execute(new Command.Note("first"));
    recorder.follow(lab);
    Optional<Place> place = Optional.empty();
    for (int step = 0; step < 20; step++) {
      switch (random.nextInt(8)) {
        case 0 -> lab.undo();
        case 1 -> lab.redo();
        case 2 -> lab.rewind(random.nextInt(lab.journal().size() + 1));
        case 3 -> {
          if (random.nextInt(4) == 0) {
            lab.clear();
          }
        }
        case 4 -> {
          lab.clear();
          lab.execute(new Command.Note("anew"));
        }
        case 5 -> {
          place =
              random.nextBoolean()
                  ? Optional.empty()
                  : Optional.of(new Place("p" + step, null, List.of(new Span(0, step))));
          recorder.place(place);
        }
        default -> {
          for (int i = random.nextInt(4); i >= 0; i--) {
            lab.execute(new Command.Note("n" + random.nextInt(3)));
          }
        }
      }
      recorder.follow(lab);
      if (holdsNoFile(folder)) {
        // Set aside, and nothing to keep since.
        assertThat(commands(lab)).isEmpty();
        continue;
      }
      KeptSession kept = kept();
      assertThat(kept.damage()).isZero();
      assertThat(kept.commands()).isEqualTo(commands(lab));
      assertThat(kept.position()).isEqualTo(lab.position());
      // Steps that were undone and replaced are no longer in it.
      assertThat(kept.place().map(Place::preset)).isEqualTo(place.map(Place::preset));
    }
    assertThat(troubles).isEmpty();
    recorder.end();
    assertThat(SessionFile.left(folder)).isEmpty();
  }

  @Test
  void aCommandAddsOneLineAndNothingElseIsWritten() throws IOException {
    var recorder = new SessionRecorder(folder, troubles::add);
    long last = 0;
    for (int i = 0; i < 1000; i++) {
      lab.execute(new Command.Note("0123456789"));
      recorder.follow(lab);
      long size = Files.size(only());
      assertThat(size - last).isLessThan(50);
      last = size;
    }
    assertThat(Files.readAllLines(only())).hasSize(1000);
  }

  @Test
  void aForkRemembersItsDump() throws IOException {
    var recorder = new SessionRecorder(folder, troubles::add);
    lab.execute(new Command.Note("before"));
    recorder.follow(lab);
    lab.open((Snapshot) Sample.SMALL.open());
    recorder.follow(lab);
    assertThat(kept().ground()).contains(new Ground("samples/small128.elf.gz", false));
    assertThat(kept().commands()).isEmpty();
    lab.fork();
    lab.execute(new Command.Note("after"));
    recorder.follow(lab);
    assertThat(kept().ground()).contains(new Ground("samples/small128.elf.gz", true));
    assertThat(kept().commands()).containsExactly(new Command.Note("after"));
    assertThat(Sample.from("samples/small128.elf.gz")).contains(Sample.SMALL);
  }

  @Test
  void aFolderThatCannotBeWrittenIsToldOnceAndCaughtUpWithLater() throws IOException {
    Path notYet = folder.resolve("state");
    Files.writeString(notYet, "a file where the folder should be");
    var recorder = new SessionRecorder(notYet, troubles::add);
    for (int i = 0; i < 3; i++) {
      lab.execute(new Command.Note("n" + i));
      recorder.follow(lab);
    }
    assertThat(troubles).hasSize(1);
    assertThat(recorder.isInStep()).isFalse();
    Files.delete(notYet);
    lab.execute(new Command.Note("n3"));
    recorder.follow(lab);
    assertThat(recorder.isInStep()).isTrue();
    recorder.end();
    try (SessionFile left = SessionFile.open(EarlierSession.in(notYet).getFirst().path())) {
      assertThat(left.read().commands()).hasSize(4);
    }
  }

  @Test
  void whatAPersonDidStaysWhenSomethingElseTakesItsPlace() throws IOException {
    var recorder = new SessionRecorder(folder, troubles::add);
    lab.execute(new Command.Note("of a preset"));
    recorder.place(Optional.of(new Place("p", null, List.of(new Span(0, 1)))));
    recorder.follow(lab);
    lab.clear();
    recorder.follow(lab);
    assertThat(EarlierSession.in(folder)).isEmpty();
    lab.execute(new Command.Note("of a preset"));
    lab.execute(new Command.Note("by hand"));
    recorder.follow(lab);
    lab.open((Snapshot) Sample.SMALL.open());
    recorder.follow(lab);
    EarlierSession earlier = EarlierSession.in(folder).getFirst();
    assertThat(earlier.commands()).isEqualTo(2);
    try (SessionFile file = SessionFile.open(earlier.path())) {
      assertThat(file.read().commands())
          .containsExactly(new Command.Note("of a preset"), new Command.Note("by hand"));
    }
    recorder.end();
    assertThat(EarlierSession.in(folder)).hasSize(1);
    assertThat(SessionFile.left(folder)).isEmpty();
    assertThat(troubles).isEmpty();
  }

  @Test
  void earlierSessionsAreBoundedAndTheOldestGoes() throws IOException {
    var recorder = new SessionRecorder(folder, troubles::add);
    for (int i = 1; i <= EarlierSession.MOST + 5; i++) {
      for (int command = 0; command < i; command++) {
        lab.execute(new Command.Note("n" + command));
      }
      recorder.follow(lab);
      lab.clear();
      recorder.follow(lab);
    }
    assertThat(troubles).isEmpty();
    List<Integer> commands =
        EarlierSession.in(folder).stream().map(EarlierSession::commands).toList();
    assertThat(commands).hasSize(EarlierSession.MOST).doesNotContain(1, 2, 3, 4, 5);
    Files.writeString(EarlierSession.in(folder).getFirst().path().resolveSibling("x.jsonl"), "");
    assertThat(EarlierSession.in(folder)).hasSize(EarlierSession.MOST);
  }
}
