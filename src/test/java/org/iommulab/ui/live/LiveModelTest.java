package org.iommulab.ui.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.iommulab.evidence.Sample;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.live.FakeQemu;
import org.iommulab.memory.PhysicalMemory.Change;
import org.iommulab.ui.Desk;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.player.PlayClock;
import org.iommulab.ui.player.PresetPlayer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A QEMU in the window, as the person sees it. */
final class LiveModelTest {

  /** Nothing is played here. */
  private static final class NoClock implements PlayClock {
    @Override
    public void after(Duration time, Runnable next) {}

    @Override
    public void stop() {}
  }

  @TempDir private Path folder;

  private final Desk desk = new Desk();
  private final Notices notices = new Notices(new Texts(Locale.ENGLISH));
  private LiveModel live;
  private FakeQemu fake;

  @BeforeEach
  void open() throws IOException {
    fake = new FakeQemu(folder);
    live =
        new LiveModel(
            desk.model,
            new PresetPlayer(desk.model, notices, new NoClock()),
            notices,
            new Texts(Locale.ENGLISH),
            desk.fx);
  }

  @AfterEach
  void close() throws IOException {
    live.detach();
    desk.close();
    fake.close();
  }

  /** Talking with QEMU has a thread of its own. */
  private void until(BooleanSupplier done) {
    for (int i = 0; i < 50_000 && !done.getAsBoolean(); i++) {
      desk.settle();
    }
    assertThat(done.getAsBoolean()).as(said()).isTrue();
  }

  private String said() {
    Notices.Notice notice = notices.currentProperty().get();
    return notice == null ? "" : notice.text();
  }

  private void attach() {
    live.attach(fake.socket());
    until(() -> live.attachedProperty().get());
  }

  private List<Change> changes() {
    return desk.session.ask(view -> view.lastChanges().stream().toList()).join();
  }

  @Test
  void theSameViewsShowIt() {
    attach();
    assertThat(said()).contains("QEMU 11.1.3", "through the monitor");
    assertThat(desk.model.facts().live()).isFalse();
    assertThat(desk.model.facts().source()).contains(fake.socket().toString());
    assertThat(desk.model.subject().domain()).isEqualTo(7);
  }

  @Test
  void anotherLookMarksWhatHasChangedAndKeepsTheSubject() {
    attach();
    var subject = desk.model.subject();
    desk.session
        .ask(view -> view.tables().table(view.tables().tableKeys().getFirst()).ranges())
        .join();
    fake.qword(0x13020, 0x700003);
    live.look();
    until(() -> !changes().isEmpty());
    assertThat(changes()).containsExactly(new Change(0x13020, 0x500003, 0x700003));
    assertThat(desk.model.subject()).isEqualTo(subject);
  }

  @Test
  void aQemuThatEndsIsASentenceAndItsLastLookStays() {
    attach();
    fake.endsAfter(0);
    live.look();
    until(() -> !live.attachedProperty().get());
    assertThat(said()).contains("has ended the connection", "stays on show");
    assertThat(notices.currentProperty().get().role()).isEqualTo(Role.WARN);
    assertThat(desk.model.facts().source()).contains(fake.socket().toString());
  }

  @Test
  void whateverElseIsOpenedLetsQemuGo() {
    attach();
    var dump = (Snapshot) Sample.SMALL.open();
    desk.model.change(
        lab -> {
          lab.open(dump);
          return true;
        },
        done -> {});
    until(() -> !live.attachedProperty().get());
    live.look();
    desk.settle();
    assertThat(desk.model.facts().source()).contains(dump.source());
  }

  @Test
  void aSocketThatIsNotThereIsASentence() {
    live.attach(folder.resolve("nothing"));
    until(() -> said().contains("There is no socket"));
    assertThat(live.attachedProperty().get()).isFalse();
  }
}
