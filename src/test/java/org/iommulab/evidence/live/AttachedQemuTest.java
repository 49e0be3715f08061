package org.iommulab.evidence.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.iommulab.evidence.BadEvidence;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.inspection.Inspection;
import org.iommulab.memory.PhysicalMemory.Change;
import org.iommulab.vtd.tables.EntryRights;
import org.iommulab.vtd.tables.MappedRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A running QEMU is looked at, whatever it answers, and never waited for without end. */
final class AttachedQemuTest {

  private static final MappedRange PAGE =
      new MappedRange(0x4000, 0x1000, 0x500000, EntryRights.ALL, 1);
  private static final Duration PATIENCE = Duration.ofMillis(300);

  @TempDir(cleanup = CleanupMode.ALWAYS)
  private Path folder;

  private FakeQemu fake;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeQemu(folder);
  }

  @AfterEach
  void stop() throws IOException {
    fake.close();
  }

  private AttachedQemu attached() {
    return switch (AttachedQemu.to(fake.socket(), PATIENCE)) {
      case AttachedQemu.Attached(AttachedQemu qemu) -> qemu;
      case AttachedQemu.Failed(String sentence) -> throw new AssertionError(sentence);
    };
  }

  private String failed() {
    return switch (AttachedQemu.to(fake.socket(), PATIENCE)) {
      case AttachedQemu.Attached(AttachedQemu qemu) -> throw new AssertionError("attached");
      case AttachedQemu.Failed(String sentence) -> sentence;
    };
  }

  private static Snapshot look(AttachedQemu qemu) {
    return switch (qemu.look()) {
      case Snapshot snapshot -> snapshot;
      case BadEvidence(String sentence) -> throw new AssertionError(sentence);
    };
  }

  private static String lost(AttachedQemu qemu) {
    return switch (qemu.look()) {
      case Snapshot snapshot -> throw new AssertionError("looked");
      case BadEvidence(String sentence) -> sentence;
    };
  }

  private static MappedRange range(Snapshot snapshot) {
    var tables = snapshot.tables();
    return tables.table(tables.tableKeys().getFirst()).ranges().getFirst();
  }

  @Test
  void showsTheTablesThroughTheMonitor() {
    try (AttachedQemu qemu = attached()) {
      Snapshot snapshot = look(qemu);
      assertThat(range(snapshot)).isEqualTo(PAGE);
      assertThat(snapshot.registerBase()).contains(FakeQemu.BASE);
      assertThat(qemu.version()).isEqualTo("11.1.3");
      assertThat(qemu.readsSharedFile()).isFalse();
    }
  }

  @Test
  void sendsNothingThatStopsOrChangesTheGuest() {
    try (AttachedQemu qemu = attached()) {
      Inspection.json(look(qemu));
      assertThat(fake.commands())
          .allMatch(
              command ->
                  command.matches("qmp_capabilities|query-memdev|qom-get|info mtree -f|xp /.*"));
    }
  }

  @Test
  void readsTheFileThatTheMemoryIsSharedBy() throws IOException {
    fake.shares(Files.write(folder.resolve("ram"), fake.ram()));
    try (AttachedQemu qemu = attached()) {
      int before = fake.commands().size();
      assertThat(range(look(qemu))).isEqualTo(PAGE);
      assertThat(qemu.readsSharedFile()).isTrue();
      // Only the map and the registers.
      assertThat(fake.commands()).hasSize(before + 2);
    }
  }

  @Test
  void aFileThatHoldsSomethingElseIsNotTrusted() throws IOException {
    byte[] other = fake.ram();
    other[0xF0010] = 1;
    fake.shares(Files.write(folder.resolve("ram"), other));
    try (AttachedQemu qemu = attached()) {
      assertThat(qemu.readsSharedFile()).isFalse();
      assertThat(range(look(qemu))).isEqualTo(PAGE);
    }
  }

  @Test
  void aFileThatIsCutIsAPageLess() throws IOException {
    Path ram = Files.write(folder.resolve("ram"), fake.ram());
    fake.shares(ram);
    try (AttachedQemu qemu = attached()) {
      try (var file = Files.newByteChannel(ram, java.nio.file.StandardOpenOption.WRITE)) {
        file.truncate(0x11000);
      }
      assertThat(Inspection.text(look(qemu), false)).contains("00:03.0");
    }
  }

  @Test
  void pagesAreReadOnceAndOnlyWhenAskedFor() {
    try (AttachedQemu qemu = attached()) {
      Snapshot snapshot = look(qemu);
      int before = fake.commands().size();
      assertThat(fake.commands()).noneMatch(command -> command.contains("0x13000"));
      range(snapshot);
      assertThat(fake.commands()).filteredOn(each -> each.contains("0x13000")).hasSize(1);
      int after = fake.commands().size();
      range(snapshot);
      assertThat(fake.commands()).hasSize(after);
      assertThat(after).isGreaterThan(before);
    }
  }

  @Test
  void aNewLookSeesWhatHasChangedAndTheOldOneStays() {
    try (AttachedQemu qemu = attached()) {
      Snapshot before = look(qemu);
      range(before);
      fake.qword(0x13020, 0x700003);
      Snapshot now = look(qemu);
      assertThat(range(before).physical()).isEqualTo(0x500000);
      assertThat(range(now).physical()).isEqualTo(0x700000);
      assertThat(now.changesSince(before)).containsExactly(new Change(0x13020, 0x500003, 0x700003));
    }
  }

  @Test
  void thePeerThatGoesAwayIsASentence() {
    try (AttachedQemu qemu = attached()) {
      Snapshot snapshot = look(qemu);
      fake.endsAfter(0);
      // Pages that were not read are missing; nothing throws.
      assertThat(Inspection.json(snapshot)).startsWith("{");
      assertThat(qemu.lost().orElseThrow()).contains("has ended the connection");
      assertThat(lost(qemu)).contains("has ended the connection").endsWith(".");
    }
  }

  @Test
  void aPeerThatDoesNotAnswerIsGivenUp() {
    try (AttachedQemu qemu = attached()) {
      fake.answers(text -> "");
      assertThat(lost(qemu)).contains("does not answer within");
      // Not waited for a second time.
      fake.answers(text -> text);
      assertThat(lost(qemu)).contains("does not answer within");
    }
  }

  @Test
  void aSocketThatOnlyListensIsGivenUp() throws IOException {
    Path silent = folder.resolve("silent");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(silent));
      assertThat(AttachedQemu.to(silent, PATIENCE))
          .isInstanceOfSatisfying(
              AttachedQemu.Failed.class,
              failed -> assertThat(failed.sentence()).contains("somebody else is connected"));
    }
  }

  @Test
  void noSocketAndNoQmpAreSentences() throws IOException {
    assertThat(AttachedQemu.to(folder.resolve("none")))
        .isInstanceOfSatisfying(
            AttachedQemu.Failed.class,
            failed -> assertThat(failed.sentence()).contains("There is no socket"));
    Path file = Files.writeString(folder.resolve("file"), "text");
    assertThat(AttachedQemu.to(file))
        .isInstanceOfSatisfying(
            AttachedQemu.Failed.class,
            failed -> assertThat(failed.sentence()).contains("cannot be connected to"));
    fake.greets(text -> "SSH-2.0-OpenSSH\r\n");
    assertThat(failed()).contains("that is no QMP");
    fake.greets(text -> "{\"hello\": 1}\r\n");
    assertThat(failed()).contains("does not greet as QEMU does");
    fake.greets(text -> "[".repeat(100_000) + "\r\n");
    assertThat(failed()).contains("that is no QMP");
  }

  @Test
  void aMachineWithoutUnitIsSaid() {
    fake.qword(FakeQemu.BASE, 0).qword(FakeQemu.BASE + 8, 0);
    try (AttachedQemu qemu = attached()) {
      assertThat(lost(qemu)).contains("has no VT-d unit");
    }
  }

  @Test
  void eventsInBetweenArePassedOver() {
    fake.answers(text -> "{\"event\": \"RTC_CHANGE\", \"data\": {}}\r\n" + text);
    try (AttachedQemu qemu = attached()) {
      assertThat(range(look(qemu))).isEqualTo(PAGE);
    }
  }

  @Test
  void damagedAnswersAreASentenceOrASnapshot() {
    for (int seed = 0; seed < 60; seed++) {
      var random = new Random(seed);
      int after = random.nextInt(12);
      int[] count = {0};
      fake.answers(text -> count[0]++ < after ? text : damaged(text, random));
      switch (AttachedQemu.to(fake.socket(), Duration.ofMillis(60))) {
        case AttachedQemu.Failed(String sentence) -> assertSentence(seed, sentence);
        case AttachedQemu.Attached(AttachedQemu qemu) -> {
          try (qemu) {
            Evidence evidence = qemu.look();
            switch (evidence) {
              case BadEvidence(String sentence) -> assertSentence(seed, sentence);
              case Snapshot snapshot ->
                  assertThat(Inspection.json(snapshot)).as("seed %d", seed).startsWith("{");
            }
          }
        }
      }
    }
  }

  private static void assertSentence(int seed, String sentence) {
    assertThat(sentence).as("seed %d", seed).endsWith(".").doesNotContain("Exception", "\n");
  }

  /** Letters replaced, or the answer cut; the line may or may not end. */
  private static String damaged(String text, Random random) {
    var changed = new StringBuilder(text);
    switch (random.nextInt(4)) {
      case 0 -> changed.setLength(random.nextInt(changed.length()));
      case 1 -> changed.insert(random.nextInt(changed.length()), "\r\n");
      default -> {
        for (int i = 0; i < 1 + random.nextInt(8); i++) {
          changed.setCharAt(random.nextInt(changed.length()), (char) (32 + random.nextInt(90)));
        }
      }
    }
    return changed.toString();
  }
}
