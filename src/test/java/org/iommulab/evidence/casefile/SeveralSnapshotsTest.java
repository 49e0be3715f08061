package org.iommulab.evidence.casefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iommulab.evidence.DumpBuilder;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases with several dumps, and dumps of several units: which is meant is said. */
final class SeveralSnapshotsTest {

  private static final long LEAF_OF_FIRST = 0x13020;
  private static final long LEAF_OF_SECOND = 0x23040;

  @TempDir private Path folder;

  private Case opened(String log, DumpBuilder... dumps) throws IOException {
    Path place = Files.createTempDirectory(folder, "case");
    for (int i = 0; i < dumps.length; i++) {
      Path own = Files.createDirectory(place.resolve("dump-" + i));
      Files.write(own.resolve("core.elf"), dumps[i].elf());
    }
    if (!log.isEmpty()) {
      Files.writeString(place.resolve("dmesg.txt"), log);
    }
    return switch (Case.open(place)) {
      case Case.Good(Case good) -> good;
      case Case.Bad(Bilingual sentence) -> throw new AssertionError(sentence);
    };
  }

  private static String fault(String device, int address) {
    return String.format(
        java.util.Locale.ROOT,
        "[  100.000001] DMAR: [DMA Write NO_PASID] Request device [%s] fault addr 0x%x [fault"
            + " reason 0x05] PTE Write access is not set%n",
        device,
        address);
  }

  @Test
  void tablesThatRefuseTheRequestAreNearerToTheFault() throws IOException {
    DumpBuilder unmapped = new DumpBuilder().qword(LEAF_OF_FIRST, 0);
    Case opened = opened(fault("00:03.0", 0x4000), new DumpBuilder(), unmapped);
    CaseExplanation explained = CaseExplanation.of(opened);
    assertThat(explained.walks().getFirst().snapshot()).isEqualTo("dump-1/core.elf");
    assertThat(explained.walks().getFirst().found().end().reached()).isFalse();
    assertThat(explained.front())
        .get()
        .extracting(Snapshot::source)
        .asString()
        .startsWith("dump-1");
    Case chosen = opened.withSnapshots("dump-0");
    assertThat(CaseExplanation.of(chosen).walks().getFirst().found().end().reached()).isTrue();
    assertThat(opened.withSnapshots("other").snapshots()).isEmpty();
  }

  @Test
  void requestIsWalkedInTheUnitOfItsDevice() throws IOException {
    Case opened = opened(fault("00:04.0", 0x9000), new DumpBuilder().secondUnit());
    CaseExplanation explained = CaseExplanation.of(opened);
    assertThat(explained.walks().getFirst().snapshot()).isEqualTo("dump-0/core.elf dmar1");
    assertThat(explained.walks().getFirst().found().domain()).isEqualTo(9);
    LogFault first = opened.logs().getFirst().faults().getFirst();
    assertThat(opened.snapshot(first)).get().extracting(Snapshot::front).isEqualTo(1);
  }

  @Test
  void changesNameTheirUnitWhereThereAreSeveral() throws IOException {
    Case before = opened("", new DumpBuilder().secondUnit());
    Case after = opened("", new DumpBuilder().secondUnit().qword(LEAF_OF_SECOND, 0x700003));
    assertThat(Comparison.of(before, after))
        .extracting(Comparison.Change::where)
        .containsExactly("dmar1 00:04.0 0x000000008000");
    Case one = opened("", new DumpBuilder());
    assertThat(Comparison.of(one, opened("", new DumpBuilder().qword(LEAF_OF_FIRST, 0))))
        .extracting(Comparison.Change::where)
        .containsExactly("00:03.0 0x000000004000");
    assertThat(Comparison.of(one, before))
        .extracting(change -> change.line(false))
        .anyMatch(line -> line.startsWith("+ unit dmar1"));
  }

  @Test
  void auditLooksAtEveryUnitAndSaysWhich() throws IOException {
    // The second unit's device reaches the second unit's root table.
    DumpBuilder dump = new DumpBuilder().secondUnit().qword(LEAF_OF_SECOND, 0x3003);
    List<Audit.Exposure> found = Audit.of(opened("", dump));
    assertThat(found)
        .anySatisfy(
            one -> {
              assertThat(one.rule()).isEqualTo("own-tables");
              assertThat(one.sentence().english()).startsWith("dmar1: ");
              assertThat(one.sentence().chinese()).startsWith("dmar1：");
            });
    Snapshot snapshot = opened("", dump).snapshots().getFirst();
    assertThat(Access.of(opened("", dump), snapshot, new Target(0x3000, 0x3FFF, "x")))
        .extracting(Access::who, Access::reaches)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("00:04.0", true),
            org.assertj.core.groups.Tuple.tuple("00:03.0", false));
  }
}
