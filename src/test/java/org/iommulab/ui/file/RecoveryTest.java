package org.iommulab.ui.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import org.iommulab.course.Lessons;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Presets;
import org.iommulab.lab.session.EarlierSession;
import org.iommulab.lab.session.SessionFile;
import org.iommulab.ui.Desk;
import org.iommulab.ui.Face;
import org.iommulab.ui.Faces;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Texts;
import org.iommulab.ui.casefile.CaseModel;
import org.iommulab.ui.player.PlayClock;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Folders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RecoveryTest {

  private static final class NoClock implements PlayClock {
    @Override
    public void after(java.time.Duration time, Runnable next) {}

    @Override
    public void stop() {}
  }

  @TempDir private Path home;

  private final Desk desk = new Desk();
  private final Notices notices = new Notices(new Texts(Locale.ENGLISH));
  private final PresetPlayer player = new PresetPlayer(desk.model, notices, new NoClock());

  private final CaseModel cases = new CaseModel();
  private final CaseStandIn face = new CaseStandIn(cases);
  private final Faces faces = new Faces(() -> Set.of(face));

  /** Has the window while the case shows. */
  private record CaseStandIn(CaseModel model) implements Face {

    @Override
    public String id() {
      return "case";
    }

    @Override
    public Node node() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ObservableValue<String> title() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ReadOnlyBooleanProperty showingProperty() {
      return model.showingProperty();
    }

    @Override
    public void show() {
      model.show();
    }

    @Override
    public void leave() {
      model.leave();
    }

    @Override
    public void shown(boolean shown) {}
  }

  private Recovery recovery() {
    return new Recovery(
        desk.session,
        desk.model,
        player,
        cases,
        faces,
        notices,
        new Texts(Locale.ENGLISH),
        new Folders(home, home),
        desk.fx);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  /** What a program left that was killed. */
  private Path left(String... lines) throws IOException {
    try (SessionFile file = SessionFile.create(home)) {
      file.append(List.of(lines));
      return file.path();
    }
  }

  private static String note(String text) {
    return new Command.Note(text).toJson();
  }

  private static Command command(String line) {
    return ((Reading.Good<Command>) Command.parse(line)).value();
  }

  private Notices.Notice asked() {
    while (notices.currentProperty().get() == null) {
      desk.settle();
    }
    return Objects.requireNonNull(notices.currentProperty().get());
  }

  private static void press(Notices notices, Notices.Offer button) {
    notices.dismiss();
    button.accepted().run();
  }

  private void restore() {
    press(notices, Objects.requireNonNull(asked().offer()));
  }

  private void discard() {
    press(notices, Objects.requireNonNull(asked().other()));
  }

  private List<String> journal() {
    return desk
        .session
        .ask(view -> view.journal().stream().map(JournalEntry::command).toList())
        .join()
        .stream()
        .map(Command::toJson)
        .toList();
  }

  private int position() {
    return desk.session.ask(view -> view.position()).join();
  }

  private void untilGone(Path file) {
    while (Files.exists(file)) {
      desk.settle();
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(home)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void nothingGoesBeforeThePersonHasDecided() throws IOException {
    Path file = left(note("a"), note("b"));
    recovery().start();
    assertThat(asked().text()).contains("2 commands");
    desk.model.submit(new Command.Note("typed during the offer"));
    desk.settle();
    assertThat(file).exists();
    assertThat(files()).hasSize(2);
    notices.dismiss();
    desk.settle();
    assertThat(file).exists();
  }

  @Test
  void aMessageInBetweenOnlyHidesTheQuestion() throws IOException {
    left(note("a"));
    recovery().start();
    Notices.Notice question = asked();
    notices.tell(org.iommulab.ui.Role.OK, "something else");
    notices.dismiss();
    assertThat(notices.currentProperty().get()).isEqualTo(question);
  }

  @Test
  void whatWasUndoneCanStillBeRedone() throws IOException {
    Path file = left(note("a"), note("b"), note("c"), "{\"session\":\"position\",\"at\":1}");
    recovery().start();
    restore();
    untilGone(file);
    assertThat(journal()).containsExactly(note("a"), note("b"), note("c"));
    assertThat(position()).isEqualTo(1);
    desk.session.change(lab -> lab.redo()).join();
    assertThat(position()).isEqualTo(2);
  }

  @Test
  void discardedIsGoneAndTheNextIsAskedAbout() throws IOException {
    Path one = left(note("a"));
    Path two = left(note("b"), note("c"));
    recovery().start();
    discard();
    asked();
    assertThat(List.of(Files.exists(one), Files.exists(two))).containsOnlyOnce(true);
    discard();
    desk.settle();
    assertThat(files()).isEmpty();
  }

  @Test
  void whatWasTypedBeforeRestoringIsAnEarlierSession() throws IOException {
    Path file = left(note("a"));
    Recovery recovery = recovery();
    recovery.start();
    asked();
    desk.model.submit(new Command.Note("typed"));
    desk.settle();
    restore();
    untilGone(file);
    assertThat(journal()).containsExactly(note("a"));
    EarlierSession typed = recovery.earlier().getFirst();
    recovery.reopen(typed);
    untilGone(typed.path());
    assertThat(journal()).containsExactly(note("typed"));
    assertThat(recovery.earlier()).singleElement().isNotEqualTo(typed);
    recovery.reopen(typed);
    assertThat(asked().text()).contains("cannot be read", typed.path().toString());
    assertThat(journal()).containsExactly(note("typed"));
  }

  @Test
  void onlyWhatAPersonDidBecomesAnEarlierSession() throws IOException {
    Recovery recovery = recovery();
    recovery.start();
    player.load(Presets.named("stale-iotlb").orElseThrow(), 2);
    desk.settle();
    player.load(Presets.named("vfio-dma-map").orElseThrow(), 3);
    desk.settle();
    player.stepBack();
    desk.settle();
    assertThat(recovery.earlier()).isEmpty();
    // As long as the step that it takes the place of.
    desk.model.submit(command("{\"op\":\"mem.write\",\"addr\":\"0x5000\",\"u64\":[\"0x1\"]}"));
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(2);
    List<String> before = journal();
    player.load(Presets.named("stale-iotlb").orElseThrow(), 1);
    desk.settle();
    EarlierSession mine = recovery.earlier().getFirst();
    assertThat(mine.commands()).isEqualTo(before.size());
    recovery.reopen(mine);
    untilGone(mine.path());
    assertThat(journal()).isEqualTo(before);
    assertThat(player.progress().preset().orElseThrow().name()).isEqualTo("vfio-dma-map");
    assertThat(recovery.earlier()).isEmpty();
    recovery.finished();
    assertThat(files()).isEmpty();
    assertThat(recovery.earlier()).hasSize(1);
  }

  @Test
  void thePresetAndTheStepComeBack() throws IOException {
    player.load(Presets.named("stale-iotlb").orElseThrow(), 2);
    var first = recovery();
    first.start();
    desk.settle();
    List<String> lines = Files.readAllLines(files().getFirst());
    List<String> before = journal();
    first.finished();
    assertThat(files()).isEmpty();
    player.forget();
    desk.session
        .change(
            lab -> {
              lab.clear();
              return true;
            })
        .join();
    Path file = left(lines.toArray(String[]::new));
    recovery().start();
    restore();
    untilGone(file);
    assertThat(journal()).isEqualTo(before);
    assertThat(player.progress().preset().orElseThrow().name()).isEqualTo("stale-iotlb");
    assertThat(player.progress().done()).isEqualTo(2);
    player.step();
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(3);
  }

  private EarlierSession earlier(String name, String text) throws IOException {
    Path folder = Files.createDirectories(home.resolve("earlier"));
    Path file = Files.writeString(folder.resolve(name), text);
    return recovery().earlier().stream()
        .filter(each -> each.path().equals(file))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDamagedEarlierSessionSaysSoAndAnEmptyOneLeavesTheList() throws IOException {
    Recovery recovery = recovery();
    recovery.start();
    EarlierSession damaged =
        earlier("20261130T003600000-2.jsonl", note("a") + "\n{\"op\":\"nosuch\"}\n");
    recovery.reopen(damaged);
    assertThat(asked().text()).contains("line 2", damaged.path() + ".damaged");
    notices.dismiss();
    untilGone(damaged.path());
    assertThat(journal()).containsExactly(note("a"));
    EarlierSession empty = earlier("20261130T003500000-2.jsonl", "");
    recovery.reopen(empty);
    assertThat(asked().text()).contains("nothing in the session", empty.path().toString());
    untilGone(empty.path());
    assertThat(journal()).containsExactly(note("a"));
  }

  @Test
  void aLessonGoesOnWhereItWas() throws IOException {
    player.begin(Lessons.named("hardware").orElseThrow());
    desk.settle();
    player.goTo(2);
    desk.settle();
    int done = player.progress().done();
    var first = recovery();
    first.start();
    desk.settle();
    first.finished();
    EarlierSession left = first.earlier().getFirst();
    assertThat(left.name()).isEqualTo("hardware");
    player.load(Presets.named("vfio-dma-map").orElseThrow(), 1);
    desk.settle();
    assertThat(player.lesson()).isEmpty();
    Recovery later = recovery();
    later.start();
    later.reopen(left);
    untilGone(left.path());
    assertThat(player.lesson().orElseThrow().name()).isEqualTo("hardware");
    assertThat(player.progress().done()).isEqualTo(done);
  }

  private void paste(String text) {
    if (Pasted.read(text, List.of(), home) instanceof Opened.Explained(var shown)) {
      cases.open(shown);
    }
    desk.settle();
  }

  private String logOnShow() {
    return Objects.requireNonNull(cases.openedProperty().get()).logs().getFirst().name();
  }

  @Test
  void aPastedLogAndTheFaceComeBack() throws IOException {
    var first = recovery();
    first.start();
    paste("DMAR: Intel(R) Virtualization Technology for Directed I/O\n");
    assertThat(logOnShow()).isEqualTo("pasted-1.txt");
    List<String> killed = Files.readAllLines(files().getFirst());
    first.finished();
    EarlierSession ended = first.earlier().getFirst();
    for (boolean wasKilled : List.of(false, true)) {
      cases.leave();
      notices.dismiss();
      Recovery later = recovery();
      Path file = wasKilled ? left(killed.toArray(String[]::new)) : ended.path();
      later.start();
      if (wasKilled) {
        restore();
      } else {
        later.reopen(ended);
      }
      untilGone(file);
      assertThat(cases.showingProperty().get()).isTrue();
      assertThat(logOnShow()).isEqualTo("pasted-1.txt");
      later.finished();
    }
  }

  @Test
  void aCaseThatIsGoneIsSaidInOneSentence() throws IOException {
    Path file =
        left(
            note("a"),
            "{\"session\":\"sight\",\"face\":\"case\",\"evidence\":[\"/no/such/dmesg.txt\"]}");
    recovery().start();
    restore();
    untilGone(file);
    assertThat(journal()).containsExactly(note("a"));
    assertThat(asked().text()).contains("without the case", "/no/such/dmesg.txt");
  }

  @Test
  void keptTextsAreBounded() throws IOException {
    for (int i = 0; i < 5; i++) {
      Pasted.read("x".repeat(12 << 20), List.of(), home);
    }
    try (Stream<Path> all = Files.walk(home.resolve("pasted"))) {
      assertThat(all.mapToLong(each -> each.toFile().isFile() ? each.toFile().length() : 0).sum())
          .isBetween(12L << 20, 32L << 20);
    }
  }

  @Test
  void theGoodPartOfADamagedFileIsOffered() throws IOException {
    Path file = left(note("a"), "garbage", note("b"));
    recovery().start();
    assertThat(asked().text()).contains("line 2", file.getFileName() + ".damaged");
    restore();
    untilGone(file);
    assertThat(journal()).containsExactly(note("a"));
    assertThat(Path.of(file + ".damaged")).content().contains("garbage", note("b"));
  }

  @Test
  void aDumpThatIsGoneKeepsTheSession() throws IOException {
    Path file =
        left("{\"session\":\"ground\",\"source\":\"/no/such.elf\",\"forked\":true}", note("a"));
    recovery().start();
    restore();
    assertThat(asked().text()).contains("/no/such.elf", file.toString());
    assertThat(file).exists();
  }

  @Test
  void aForkGoesOnFromItsDump() throws IOException {
    Path file =
        left(
            "{\"session\":\"ground\",\"source\":\"samples/small128.elf.gz\",\"forked\":true}",
            note("a"));
    recovery().start();
    restore();
    untilGone(file);
    assertThat(journal()).containsExactly(note("a"));
    assertThat(desk.session.ask(view -> view.source()).join()).contains("samples/small128.elf.gz");
  }
}
