package org.iommulab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.inspection.Inspection;
import org.iommulab.vtd.tables.EntryRights;
import org.iommulab.vtd.tables.MappedRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A dump, or texts, of a machine with two units in two segments. */
final class SeveralUnitsTest {

  private static final MappedRange FIRST =
      new MappedRange(0x4000, 0x1000, 0x500000, EntryRights.ALL, 1);
  private static final MappedRange SECOND =
      new MappedRange(0x8000, 0x1000, 0x600000, EntryRights.ALL, 1);

  @TempDir private Path folder;

  private final DumpBuilder dump = new DumpBuilder().secondUnit();

  private Snapshot opened(Path path) {
    Evidence evidence = Evidence.open(path);
    if (evidence instanceof BadEvidence(String sentence)) {
      throw new AssertionError(sentence);
    }
    return (Snapshot) evidence;
  }

  private Path file(String name, byte... bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static void showsBoth(Snapshot snapshot) {
    assertThat(snapshot.units()).extracting(SnapshotUnit::name).containsExactly("dmar0", "dmar1");
    assertThat(snapshot.units()).extracting(SnapshotUnit::segment).containsExactly(0, 1);
    assertThat(range(snapshot.ofUnit(0))).isEqualTo(FIRST);
    assertThat(range(snapshot.ofUnit(1))).isEqualTo(SECOND);
  }

  private static MappedRange range(Snapshot snapshot) {
    var tables = snapshot.tables();
    return tables.table(tables.tableKeys().getFirst()).ranges().getFirst();
  }

  @Test
  void pagesOfTheDumpAreTheRegisters() throws IOException {
    Snapshot snapshot = opened(file("a.elf", dump.elf()));
    showsBoth(snapshot);
    assertThat(snapshot.warnings()).isEmpty();
    assertThat(snapshot.memory().isRam(DumpBuilder.REGISTERS + 0x1000, 4096)).isFalse();
  }

  @Test
  void filesBesideItAreTheRegisters() throws IOException {
    file("vtd-registers.bin", dump.page(DumpBuilder.REGISTERS));
    file("vtd-registers-fed91000.bin", dump.page(DumpBuilder.REGISTERS + 0x1000));
    dump.without(DumpBuilder.REGISTERS).without(DumpBuilder.REGISTERS + 0x1000);
    showsBoth(opened(file("a.elf", dump.elf())));
  }

  @Test
  void aUnitWithoutRegistersIsSaid() throws IOException {
    Snapshot snapshot = opened(file("a.elf", dump.without(DumpBuilder.REGISTERS).elf()));
    assertThat(snapshot.units()).extracting(SnapshotUnit::name).containsExactly("dmar1");
    assertThat(snapshot.warnings())
        .singleElement()
        .asString()
        .startsWith("The registers of the unit at 0xfed90000");
  }

  @Test
  void jsonHasEachUnitWhole() throws IOException {
    Snapshot snapshot = opened(file("a.elf", dump.elf()));
    JsonNode json = JsonMapper.shared().readTree(Inspection.json(snapshot));
    assertThat(json.get("contexts").get(0).get("bdf").asString()).isEqualTo("00:03.0");
    assertThat(json.get("units")).hasSize(2);
    JsonNode second = json.get("units").get(1);
    assertThat(second.get("unit").asString()).isEqualTo("dmar1");
    assertThat(second.get("base").asString()).isEqualTo("0xfed91000");
    assertThat(second.get("segment").asInt()).isEqualTo(1);
    assertThat(second.get("contexts").get(0).get("bdf").asString()).isEqualTo("00:04.0");
    assertThat(second.get("tables").get("ss@0x20000/4").get("ranges")).hasSize(1);
    assertThat(json.get("pages_by_role").get("root").asInt()).isEqualTo(2);
    assertThat(Inspection.text(snapshot, false)).contains("dmar0", "dmar1", "0001", "ss@0x20000/4");
  }

  @Test
  void debugfsTextsOfBothComeBackAsTheyWere() throws IOException {
    Path texts = folder.resolve("texts");
    assertThat(DebugfsFolder.write(opened(file("a.elf", dump.elf())), texts)).isEqualTo(6);
    assertThat(texts.resolve("0001:00:04.0/domain_translation_struct")).exists();
    Snapshot snapshot = opened(texts);
    showsBoth(snapshot);
    Path again = folder.resolve("again");
    DebugfsFolder.write(snapshot, again);
    for (String name :
        new String[] {
          "iommu_regset",
          "dmar_translation_struct",
          "ir_translation_struct",
          "0000:00:03.0/domain_translation_struct",
          "0001:00:04.0/domain_translation_struct"
        }) {
      assertThat(again.resolve(name)).hasSameTextualContentAs(texts.resolve(name));
    }
  }

  @Test
  void devicesOfTheSameNumberBelongToTheirSegments() throws IOException {
    // 00:03.0 of segment 1 as well.
    dump.qword(0x4200, 0).qword(0x4208, 0).qword(0x4180, 0x20001).qword(0x4188, 0x902);
    Path texts = folder.resolve("texts");
    DebugfsFolder.write(opened(file("a.elf", dump.elf())), texts);
    showsBoth(opened(texts));
  }

  @Test
  void aForkHasBothUnits() throws IOException {
    ForkPlan plan = ForkPlan.of(opened(file("a.elf", dump.elf())));
    assertThat(plan.units())
        .extracting(ForkPlan.Unit::base)
        .containsExactly(0xFED90000L, 0xFED91000L);
    assertThat(plan.devices()).contains(SourceId.of(0, 3, 0), SourceId.of(0, 4, 0).inSegment(1));
  }
}
