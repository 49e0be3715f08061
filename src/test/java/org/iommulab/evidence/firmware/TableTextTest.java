package org.iommulab.evidence.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.iommulab.acpi.Dmar;
import org.iommulab.acpi.DmarStructure;
import org.junit.jupiter.api.Test;

final class TableTextTest {

  private static final byte[] TABLE =
      Dmar.of(39, 1, List.of(new DmarStructure.Drhd(1, 0, 0, 0xFED9_0000L, List.of()))).toBytes();

  /** Lines of sixteen bytes in the form of some tool. */
  private static String dump(String offset, int group, boolean swapped, boolean letters) {
    var out = new StringBuilder();
    for (int at = 0; at < TABLE.length; at += 16) {
      out.append(String.format(Locale.ROOT, offset, at));
      for (int i = at; i < Math.min(at + 16, TABLE.length); i++) {
        int other = swapped ? i ^ 1 : i;
        out.append(i % group == 0 ? " " : "")
            .append(String.format(Locale.ROOT, "%02x", TABLE[other] & 0xFF));
      }
      out.append(letters ? "  |................|\n" : "\n");
    }
    return out.toString();
  }

  private static void isTheTable(String text) {
    assertThat(TableText.find(text).orElseThrow().bytes()).isEqualTo(TABLE);
  }

  @Test
  void everyHexDumpGivesTheSameTable() {
    isTheTable(dump("%08x:", 2, false, false));
    isTheTable(dump("%08x ", 1, false, true));
    isTheTable(dump("%07x", 2, true, false));
    isTheTable(dump("%06x", 1, false, false));
    isTheTable(dump("%07o", 1, false, false));
    isTheTable("some words\n" + dump("    %04X:", 1, false, false));
    isTheTable(
        "FACP @ 0x1000\n  0000: 46 41 43 50 24 00 00 00\n\nDMAR @ 0x2000\n"
            + dump("  %04X:", 1, false, false));
  }

  @Test
  void aTemplateWithoutOffsetsIsPutTogetherFieldByField() {
    String template =
        """
        [0004]                          Signature : "DMAR"    [DMA Remapping table]
        [0004]                       Table Length : 00000030
        [0001]                           Revision : 01
        [0001]                           Checksum : 03
        [0006]                             Oem ID : "INTEL "
        [0008]                       Oem Table ID : "TEMPLATE"
        [0004]                       Oem Revision : 00000001
        [0004]                    Asl Compiler ID : "INTL"
        [0004]              Asl Compiler Revision : 20130517

        [0001]                 Host Address Width : 2F
        [0001]                              Flags : 01
        [0010]                           Reserved : 00 00 00 00 00 00 00 00 00 00
        """;
    byte[] table = TableText.find(template).orElseThrow().bytes();
    assertThat(table).hasSize(0x30);
    assertThat(table[0x24]).isEqualTo((byte) 0x2F);
    assertThat(table[0x25]).isEqualTo((byte) 1);
  }

  @Test
  void aListingWithoutRawDataIsPutTogetherFromItsFields() {
    String listing =
        """
        [000h 0000   4]                    Signature : "DMAR"    [DMA Remapping table]
        [004h 0004   4]                 Table Length : 00000040
        [008h 0008   1]                     Revision : 01
        [024h 0036   1]           Host Address Width : 26
        [025h 0037   1]                        Flags : 01
        [030h 0048   2]                Subtable Type : 0000 [Hardware Unit Definition]
        [032h 0050   2]                       Length : 0010
        [034h 0052   1]                        Flags : 01
        [038h 0056   8]        Register Base Address : 00000000FED90000
        """;
    TableText found = TableText.find(listing).orElseThrow();
    assertThat(found.form()).isEqualTo("iasl listing");
    Dmar table = Dmar.parse(found.bytes()).table().orElseThrow();
    assertThat(table.units()).extracting(DmarStructure.Drhd::base).containsExactly(0xFED9_0000L);
  }

  @Test
  void damagedTextsGiveATableOrNone() {
    String text = dump("%08x:", 2, false, true);
    for (int seed = 0; seed < 500; seed++) {
      var random = new Random(seed);
      var damaged = new StringBuilder(text);
      for (int i = 0; i < 5; i++) {
        damaged.setCharAt(random.nextInt(damaged.length()), (char) (32 + random.nextInt(90)));
      }
      TableText.find(damaged.toString()).ifPresent(found -> Dmar.parse(found.bytes()));
    }
  }
}
