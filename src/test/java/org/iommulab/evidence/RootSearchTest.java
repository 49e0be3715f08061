package org.iommulab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.iommulab.testing.Shared;
import org.iommulab.vtd.tables.Mode;
import org.iommulab.vtd.tables.TableBrowser;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Root tables are found without registers, and nothing else is taken for one. */
final class RootSearchTest {

  @TempDir private Path folder;

  private Snapshot opened(DumpBuilder dump) throws IOException {
    Evidence evidence = Evidence.open(Files.write(folder.resolve("vmcore"), dump.elf()));
    if (evidence instanceof BadEvidence(String sentence)) {
      throw new AssertionError(sentence);
    }
    return (Snapshot) evidence;
  }

  @Test
  void oneDeviceIsLikelyAndTellsWhy() throws IOException {
    SnapshotUnit unit = opened(new DumpBuilder().without(DumpBuilder.REGISTERS)).unit();
    FoundRoot root = unit.found().orElseThrow();
    assertThat(root.address()).isEqualTo(0x1000);
    assertThat(root.mode()).isEqualTo(Mode.LEGACY);
    assertThat(root.contexts()).isEqualTo(1);
    assertThat(root.trees()).isEqualTo(1);
    assertThat(root.odd()).isZero();
    assertThat(root.word()).isEqualTo("likely");
    assertThat(unit.madeUp()).isTrue();
  }

  @Test
  void reservedBitsAndLostPointersCountAgainstIt() throws IOException {
    var dump = new DumpBuilder().without(DumpBuilder.REGISTERS);
    // A second device with a reserved bit, a third whose table is nowhere.
    dump.qword(0x2200, 0x10011).qword(0x2208, 0x702);
    dump.qword(0x2280, 0x77000001).qword(0x2288, 0x702);
    Evidence evidence = Evidence.open(Files.write(folder.resolve("vmcore"), dump.elf()));
    assertThat(evidence).isInstanceOf(BadEvidence.class);
  }

  @Test
  void theDriversNotesNameTheTable() throws IOException {
    var dump = new DumpBuilder().without(DumpBuilder.REGISTERS);
    long mapping = 0xFF11_0000_0000_0000L;
    // struct intel_iommu, struct ir_table and struct q_inval as Linux 6.12 has them.
    dump.qword(0x30008, 0xFED91000L).qword(0x30010, 0x1000);
    dump.qword(0x30018, 0x00D2008C22260206L).qword(0x30020, 0xF00F4E);
    dump.bytes(0x30072, "dmar3".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    dump.qword(0x30098, mapping + 0x1000);
    dump.qword(0x300A0, mapping + 0x31000);
    dump.qword(0x31008, mapping + 0x32000).qword(0x31018, 5L << 32 | 7).qword(0x31020, 254);
    dump.qword(0x32000, 1);
    SnapshotUnit unit = opened(dump).unit();
    assertThat(unit.name()).isEqualTo("dmar3");
    assertThat(unit.base()).contains(0xFED91000L);
    assertThat(unit.registers().cap()).isEqualTo(0x00D2008C22260206L);
    assertThat(unit.registers().iqa()).isEqualTo(0x32000);
    assertThat(unit.registers().iqt()).isEqualTo(7 * 16);
    assertThat(unit.found().orElseThrow().byDriver()).isTrue();
    assertThat(unit.found().orElseThrow().word()).isEqualTo("sure");
  }

  @Test
  void asManyUnitsAsTheFirmwareKnows() throws IOException {
    var dump = new DumpBuilder().secondUnit();
    dump.without(DumpBuilder.REGISTERS).without(DumpBuilder.REGISTERS + 0x1000);
    Snapshot snapshot = opened(dump);
    assertThat(snapshot.units()).hasSize(2);
    assertThat(snapshot.warnings()).filteredOn(each -> each.contains("found by search")).hasSize(2);
  }

  @TestFactory
  Stream<DynamicTest> ofEveryCaptureTheRealTableIsFoundAndNoOther() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (String name : List.of("captures", "captures73")) {
      Path captures = Shared.folder(name).orElse(null);
      if (captures == null) {
        continue;
      }
      try (Stream<Path> all = Files.walk(captures, 3)) {
        all.filter(file -> file.endsWith("trimmed.elf.gz"))
            .sorted()
            .forEach(
                file ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            captures.relativize(file).toString(), () -> search(file))));
      }
    }
    return tests.stream();
  }

  private static void search(Path file) throws Unreadable {
    TableBrowser known = ((Snapshot) Evidence.open(file)).tables();
    MemoryPieces pieces = new MemoryPieces(new ElfCore(FileBytes.open(file)).pieces());
    List<FoundRoot> found = RootSearch.in(pieces.without(DumpBuilder.REGISTERS)).roots();
    if (known.contexts().isEmpty()) {
      assertThat(found).isEmpty();
      return;
    }
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().address()).isEqualTo(known.rootTable().orElseThrow());
    assertThat(found.getFirst().mode()).isEqualTo(known.mode());
    assertThat(found.getFirst().contexts()).isEqualTo(known.contexts().size());
    assertThat(found.getFirst().odd()).isZero();
  }
}
