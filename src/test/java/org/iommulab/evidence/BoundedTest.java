package org.iommulab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.inspection.Inspection;
import org.iommulab.evidence.inspection.WalkReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a dump grows with the dump, whatever its tables pretend. */
final class BoundedTest {

  /** Bytes told for a byte of evidence; a mapped page of 8 bytes takes about 100 in JSON. */
  private static final int TIMES = 300;

  @TempDir private Path folder;

  private Snapshot snapshot(DumpBuilder dump) throws IOException {
    Path file = folder.resolve("machine.elf");
    Files.write(file, dump.elf());
    return (Snapshot) Evidence.open(file);
  }

  /** Every root entry leads to the same contexts, every context to the same tables. */
  private static DumpBuilder sharedContexts() {
    var dump = new DumpBuilder();
    for (int bus = 0; bus < 256; bus++) {
      dump.qword(0x1000 + 16L * bus, 0x2001);
      dump.qword(0x2000 + 16L * bus, 0x10001).qword(0x2008 + 16L * bus, 0x702);
    }
    for (int i = 0; i < 512; i++) {
      dump.qword(0x10000 + 8L * i, 0x11003).qword(0x11000 + 8L * i, 0x12003);
      dump.qword(0x12000 + 8L * i, 0x13003).qword(0x13000 + 8L * i, 0x500003 + ((long) i << 13));
    }
    return dump;
  }

  /** PASID directories and tables that are one page, which is a page table too. */
  private static DumpBuilder pasidSelf() {
    var dump = new DumpBuilder();
    dump.register(0x20, 0x1400).register(0x10, 1L << 43 | 1L << 46 | 1L << 40 | 0xF00F4AL);
    for (int i = 0; i < 128; i++) {
      dump.qword(0x1000 + 16L * (i % 64), 0x2001).qword(0x1008 + 16L * (i % 64), 0x2001);
      dump.qword(0x2000 + 32L * i, 0x3000L | 7 << 9 | 1);
    }
    for (int i = 0; i < 512; i++) {
      dump.qword(0x3000 + 8L * i, i % 2 == 0 ? 0x3000L | 2 << 6 | 2 << 2 | 1 : 0x3003);
    }
    return dump;
  }

  private static long bytes(Path path) throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void isBounded(Snapshot snapshot) throws IOException {
    long evidence = Files.size(folder.resolve("machine.elf"));
    assertThat((long) Inspection.json(snapshot).length()).isLessThan(TIMES * evidence);
    assertThat((long) Inspection.text(snapshot, false).length()).isLessThan(TIMES * evidence);
    DebugfsFolder.write(snapshot, folder.resolve("debugfs"));
    assertThat(bytes(folder.resolve("debugfs"))).isLessThan(TIMES * evidence);
  }

  @Test
  void contextTablesUsedAgainAreDescribedOnce() throws IOException {
    Snapshot snapshot = snapshot(sharedContexts());
    isBounded(snapshot);
    assertThat(snapshot.tables().contexts()).hasSize(256);
    assertThat(Inspection.text(snapshot, false))
        .contains("that bus 00 uses too; it is listed once");
  }

  @Test
  void aRequesterOfAnotherBusIsStillWalked() throws IOException {
    Snapshot snapshot = snapshot(sharedContexts());
    assertThat(WalkReport.of(snapshot, SourceId.parse("fe:03.0").orElseThrow(), 0x4000))
        .contains("=> 0x508000, allowed");
  }

  @Test
  void pasidTablesThatPointToThemselvesAreDescribedOnce() throws IOException {
    Snapshot snapshot = snapshot(pasidSelf());
    isBounded(snapshot);
    assertThat(snapshot.tables().pasids()).hasSizeLessThan(64 * 8);
    assertThat(Inspection.text(snapshot, false)).contains("each is listed once");
  }

  private Path packed(String name, byte[] start, int mebibytesOfZeros) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
      out.write(start);
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < mebibytesOfZeros; i++) {
        out.write(zeros);
      }
    }
    return file;
  }

  private static String refusal(Path file) {
    Evidence evidence = Evidence.open(file);
    assertThat(evidence).isInstanceOf(BadEvidence.class);
    return ((BadEvidence) evidence).sentence();
  }

  @Test
  void packedZerosAreRefusedAfterTheFirstBytes() throws IOException {
    assertThat(refusal(packed("zeros.elf.gz", new byte[0], 200))).contains("00 00 00 00");
  }

  @Test
  void aPackedCoreUnpacksToNoMoreThanItsHeadersTell() throws IOException {
    assertThat(refusal(packed("more.elf.gz", new DumpBuilder().elf(), 200)))
        .contains("more than 64 MiB");
    assertThat(Evidence.open(packed("good.elf.gz", new DumpBuilder().elf(), 1)))
        .isInstanceOf(Snapshot.class);
  }

  @Test
  void devicesAndPipesAreNotOpened() {
    Path zero = Path.of("/dev/zero");
    if (Files.exists(zero)) {
      assertThat(refusal(zero)).contains("/dev/zero");
      assertThat(Document.describe(zero, false)).isEmpty();
    }
  }
}
