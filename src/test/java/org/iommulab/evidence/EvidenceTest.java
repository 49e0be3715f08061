package org.iommulab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.iommulab.bus.SourceId;
import org.iommulab.evidence.debugfs.DebugfsWriter;
import org.iommulab.evidence.inspection.Inspection;
import org.iommulab.evidence.inspection.WalkReport;
import org.iommulab.vtd.tables.EntryRights;
import org.iommulab.vtd.tables.MappedRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceTest {

  private static final MappedRange PAGE =
      new MappedRange(0x4000, 0x1000, 0x500000, EntryRights.ALL, 1);

  @TempDir private Path folder;

  private final DumpBuilder dump = new DumpBuilder();

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static Snapshot opened(Evidence evidence) {
    return switch (evidence) {
      case Snapshot snapshot -> snapshot;
      case BadEvidence bad -> throw new AssertionError(bad.sentence());
    };
  }

  private static String refused(Evidence evidence) {
    return switch (evidence) {
      case Snapshot snapshot -> throw new AssertionError("opened " + snapshot.source());
      case BadEvidence bad -> bad.sentence();
    };
  }

  private static void showsThePage(Evidence evidence) {
    var tables = opened(evidence).tables();
    assertThat(tables.table(tables.tableKeys().getFirst()).ranges()).containsExactly(PAGE);
  }

  @Test
  void coreLimeAndPackedCoreShowTheSame() throws IOException {
    showsThePage(Evidence.open(file("a.elf", dump.elf())));
    showsThePage(Evidence.open(file("b.elf.gz", packed(dump.elf()))));
    showsThePage(Evidence.open(file("c.lime", dump.lime())));
    showsThePage(Evidence.open(folder));
  }

  @Test
  void rawImageNeedsARegisterDump() throws IOException {
    Path image = file("image", dump.raw());
    Path registers = file("window", dump.page(DumpBuilder.REGISTERS));
    showsThePage(Evidence.open(image, registers));
    assertThat(opened(Evidence.open(image, registers)).ramBytes()).isEmpty();
    assertThat(refused(Evidence.open(image))).contains("neither an ELF core nor a LiME image");
  }

  @Test
  void registersAreFoundBesideTheDump() throws IOException {
    byte[] window = dump.page(DumpBuilder.REGISTERS);
    Path core = file("a.elf", dump.without(DumpBuilder.REGISTERS).elf());
    assertThat(opened(Evidence.open(core)).warnings().getFirst())
        .startsWith("No registers of dmar0 are in the dump; its root table at 0x1000 was found");
    Path nothing = file("b.elf", dump.without(0x1000).elf());
    assertThat(refused(Evidence.open(nothing)))
        .startsWith("No registers for " + nothing)
        .contains("0xfed90000", "vtd-registers.bin or vtd-registers-xp.txt or iommu_regset")
        .contains("no page has the form of a root table");
    dump.qword(0x1000, 0x2001);
    Files.delete(nothing);
    file("vtd-registers.bin", window);
    showsThePage(Evidence.open(core));
  }

  @Test
  void monitorTextIsARegisterDump() throws IOException {
    Path core = file("a.elf", dump.without(DumpBuilder.REGISTERS).elf());
    Path text = folder.resolve("vtd-registers-xp.txt");
    Files.writeString(
        text,
        """
        00000000fed91000: 0x0000000000000010 0x00d2008c222f0606
        00000000fed91010: 0x0000000000f00f4a 0xc000000000000000
        00000000fed91020: 0x0000000000001000 0x0000000000000000
        """);
    showsThePage(Evidence.open(core));
    assertThat(opened(Evidence.open(core)).registerBase()).contains(0xFED9_1000L);

    Files.writeString(text, "00000000fed90000: 0x00000010 0x00000000\nnonsense\n");
    assertThat(refused(Evidence.open(core))).startsWith("Line 2 of " + text);
  }

  @Test
  void textOfTheKernelIsARegisterDump() throws IOException {
    Snapshot whole = opened(Evidence.open(file("a.elf", dump.elf())));
    String text = new DebugfsWriter(whole.tables(), "dmar0").registers(0xFED9_2000L).text();
    Path core = file("b.elf", dump.without(DumpBuilder.REGISTERS).elf());
    Files.writeString(folder.resolve("iommu_regset"), text);
    showsThePage(Evidence.open(core));
    assertThat(opened(Evidence.open(core)).registerBase()).contains(0xFED9_2000L);
  }

  @Test
  void coreThatIsCutOffNamesSegmentAndSizes() throws IOException {
    byte[] whole = dump.elf();
    Path core = file("cut.elf", Arrays.copyOf(whole, whole.length - 1));
    assertThat(refused(Evidence.open(core)))
        .isEqualTo(
            String.format(
                    Locale.ROOT,
                    "The file is cut off: segment 6 of %s (physical 0xfed90000) needs 0x1000 bytes"
                        + " at offset",
                    core)
                + " 0x7000, the file has 32767 bytes; copy it again.");
    assertThat(refused(Evidence.open(file("head.elf", Arrays.copyOf(whole, 40)))))
        .contains("an ELF header has 64 bytes, the file 40");
    assertThat(refused(Evidence.open(file("table.elf", Arrays.copyOf(whole, 100)))))
        .contains("its 7 program headers at offset 0x40 need 456 bytes, the file has 100");
  }

  @Test
  void limeImageThatIsCutOffNamesTheRange() throws IOException {
    byte[] whole = dump.lime();
    Path image = file("cut.lime", Arrays.copyOf(whole, whole.length - 1));
    assertThat(refused(Evidence.open(image))).contains("physical 0xfed90000", "has 28895;");
  }

  @Test
  void packedFileThatIsCutOffOrDamagedIsSaid() throws IOException {
    byte[] whole = packed(dump.elf());
    Path cut = file("cut.elf.gz", Arrays.copyOf(whole, whole.length / 2));
    assertThat(refused(Evidence.open(cut))).contains("in the middle of its compressed data");
    whole[whole.length - 6] ^= 1;
    assertThat(refused(Evidence.open(file("bad.elf.gz", whole)))).contains("is damaged");
  }

  @Test
  void otherFilesAreCalledByTheirName() throws IOException {
    byte[] core = dump.elf();
    core[4] = 1;
    assertThat(refused(Evidence.open(file("32.elf", core)))).contains("32-bit ELF file");
    core[4] = 2;
    core[0x10] = 2;
    assertThat(refused(Evidence.open(file("exe.elf", core)))).contains("type 2, not a core");
    assertThat(refused(Evidence.open(file("t.bin", "DMAR\0\0\0\0".getBytes()))))
        .contains("is a DMAR table");
    assertThat(refused(Evidence.open(file("vmcore", "KDUMP   ".getBytes()))))
        .contains("is cut off: its header has 464 bytes");
    assertThat(refused(Evidence.open(file("empty", new byte[0])))).contains("is empty");
    assertThat(refused(Evidence.open(folder.resolve("nothing")))).startsWith("There is no file");
  }

  @Test
  void folderWithoutDumpSaysWhatItLookedFor() throws IOException {
    assertThat(refused(Evidence.open(folder))).contains("looked for files that end in .elf");
    Files.createDirectory(folder.resolve("snap-b"));
    Files.createDirectory(folder.resolve("snap-a"));
    assertThat(refused(Evidence.open(folder))).contains("open one of snap-a, snap-b.");
  }

  @Test
  void rootTableOutsideTheDumpIsSaid() throws IOException {
    Path core = file("a.elf", dump.register(0x20, 0x7777000).elf());
    assertThat(refused(Evidence.open(core)))
        .startsWith("The root table at physical 0x7777000, where RTADDR points, is not in " + core);
  }

  @Test
  void tableThatPointsToItselfIsANote() throws IOException {
    Path core = file("a.elf", dump.qword(0x13028, 0x10003).qword(0x12008, 0x10003).elf());
    Snapshot snapshot = opened(Evidence.open(core));
    assertThat(Inspection.json(snapshot)).contains("point back to a table");
  }

  @Test
  void walkReportTellsEveryEntryAndTheEnd() throws IOException {
    Snapshot snapshot = opened(Evidence.open(file("a.elf", dump.elf())));
    SourceId nic = SourceId.of(0, 3, 0);
    assertThat(WalkReport.of(snapshot, nic, 0x4123))
        .contains("PML4E[0]", "PTE[4]", "domain 7")
        .endsWith(String.format(Locale.ROOT, "=> 0x500123, allowed rw, within a 4K page.%n"));
    assertThat(WalkReport.of(snapshot, nic, 0x5000)).contains("fault 05h for a write");
    assertThat(WalkReport.of(snapshot, nic, 1L << 50)).contains("fault 04h");
    assertThat(WalkReport.of(snapshot, SourceId.of(0, 4, 0), 0)).contains("fault 02h");
    assertThat(WalkReport.of(snapshot, SourceId.of(1, 0, 0), 0)).contains("fault 01h");
  }

  @Test
  void forkHasFlatMemoryAndLeavesTheDumpAlone() throws IOException {
    Snapshot snapshot = opened(Evidence.open(file("a.elf", dump.elf())));
    ForkPlan fork = ForkPlan.of(snapshot);
    assertThat(fork.memory().isRam(0x80000, 4096)).isTrue();
    assertThat(fork.memory().readQword(0x13020)).isEqualTo(0x500003);
    fork.memory().writeQword(0x13020, 0);
    assertThat(snapshot.memory().readQword(0x13020)).isEqualTo(0x500003);
    assertThat(fork.devices()).containsExactly(SourceId.of(0, 3, 0));
    assertThat(fork.units().getFirst().writes())
        .extracting(ForkPlan.Write::register)
        .endsWith("RTADDR", "GCMD", "GCMD");
    assertThat(fork.units().getFirst().writes().getLast().value()).isEqualTo(0x8000_0000L);
  }

  @Test
  void debugfsFolderHoldsTheKernelsFiles() throws IOException {
    Snapshot snapshot = opened(Evidence.open(file("a.elf", dump.elf())));
    assertThat(DebugfsFolder.write(snapshot, folder.resolve("intel"))).isEqualTo(5);
    assertThat(folder.resolve("intel/0000:00:03.0/domain_translation_struct"))
        .content()
        .startsWith("Device 0000:00:03.0 @0x10000\n")
        .endsWith("\t0x0000000000500003\n");
  }

  @Test
  void everySampleOpensWithoutANoteOfDamage() {
    for (Sample sample : Sample.values()) {
      Snapshot snapshot = opened(sample.open());
      assertThat(snapshot.warnings()).as(sample.id()).isEmpty();
      assertThat(snapshot.tables().contexts()).as(sample.id()).isNotEmpty();
      assertThat(Inspection.text(snapshot, false)).contains("translation on");
    }
  }
}
