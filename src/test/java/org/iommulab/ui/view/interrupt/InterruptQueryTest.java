package org.iommulab.ui.view.interrupt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Table at 0x100_0000, 16 entries: [1] remapped, [2] posted, [3] written but not present. */
class InterruptQueryTest {

  private static final long TABLE = 0x100_0000L;
  private static final long DESCRIPTOR = 0x200_0040L;
  private static final int IRTA = 0xB8;
  private static final int GCMD = 0x18;

  private final Texts texts = new Texts(Locale.ENGLISH);
  private final LabDouble lab =
      LabDouble.after(
          List.of(
              store(TABLE + 16, 0x0300_0031_0001L, 0x4_0018L),
              store(TABLE + 32, DESCRIPTOR << 32 | 0x41_8001L, DESCRIPTOR >>> 32 << 32),
              store(TABLE + 48, 0x50_0000L, 0),
              store(DESCRIPTOR, 0, 2, 0, 0, 0x1_00F2_0001L | 7L << 32, 0, 0, 0),
              new Command.RegWrite(IRTA, 8, TABLE | 3, 0),
              new Command.RegWrite(GCMD, 4, 1 << 24, 0)));

  @AfterEach
  void close() {
    lab.close();
  }

  private static Command store(long address, long... quadwords) {
    return new Command.MemWrite(address, Bytes.ofQuadwords(quadwords));
  }

  private InterruptPicture picture() {
    return lab.ask(InterruptQuery::answer);
  }

  private InterruptRow row(String key) {
    return picture().rows().stream().filter(row -> row.key().equals(key)).findFirst().orElseThrow();
  }

  @Test
  void onlyEntriesInUseAreListed() {
    assertThat(picture().rows())
        .extracting(InterruptRow::key)
        .containsExactly("1", "2", "pd-2", "3");
    assertThat(picture().entries()).isEqualTo(16);
    assertThat(picture().used()).isEqualTo(3);
    assertThat(picture().enabled()).isFalse();
  }

  @Test
  void remappedEntryTellsVectorTargetAndAllowedSource() {
    InterruptRow row = row("1");
    assertThat(row.vector()).isEqualTo("31");
    assertThat(row.target().text().in(texts)).isEqualTo("APIC 3");
    assertThat(row.delivery().in(new org.iommulab.ui.Texts(java.util.Locale.ENGLISH)))
        .isEqualTo("fixed · edge");
    assertThat(row.source().text().in(texts)).isEqualTo("00:03.0");
  }

  @Test
  void postedEntryLeadsToItsDescriptor() {
    assertThat(row("2").target().text().in(texts)).isEqualTo("200_0040");
    InterruptRow descriptor = row("pd-2");
    assertThat(descriptor.address()).isEqualTo(DESCRIPTOR);
    assertThat(descriptor.source().text().in(texts)).isEqualTo("pending: 41 · notified");
    assertThat(descriptor.target().text().in(texts)).contains("notifies F2");
  }

  @Test
  void entryThatIsNotPresentSaysSo() {
    assertThat(row("3").state().marks().getFirst().in(texts)).isEqualTo("∅ not present");
  }

  @Test
  void machineWithoutTableShowsNothing() {
    lab.run(new Command.StartMachine(java.util.Map.of()));
    assertThat(picture()).isEqualTo(InterruptPicture.NONE);
  }
}
