package org.iommulab.vtd.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.tables.TablesFixture.CAP;
import static org.iommulab.vtd.tables.TablesFixture.CONTEXT;
import static org.iommulab.vtd.tables.TablesFixture.ROOT;
import static org.iommulab.vtd.tables.TablesFixture.RTPS_TES;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is forbidden and causes no fault: said where it is, silent beside it. */
class ProgrammingScanTest {

  private static final long CM = 0x80;
  private static final long SCALABLE = 0xD880_00F0_0F4AL;
  private static final int QIES = 1 << 26;
  private static final int IRES = 1 << 25;
  private static final int IRTPS = 1 << 24;

  private final TablesFixture tables = new TablesFixture();

  private List<String> sentences() {
    return tables.browser().programming().stream().map(Finding::text).toList();
  }

  /** A PASID entry of 00:DEV.0. */
  private void pasid(int device, long first, long domain, long third) {
    long directory = 0x20_0000 + device * 0x2000L;
    tables.register64(0x10, SCALABLE).register64(0x20, ROOT | 1 << 10).entry(ROOT, 0, CONTEXT | 1);
    tables.entry(CONTEXT, device * 32, directory | 1).entry(directory, 0, directory + 0x1000 | 1);
    tables.entry(directory + 0x1000, 0, first).entry(directory + 0x1000, 1, domain);
    tables.entry(directory + 0x1000, 2, third);
  }

  @Test
  void domainZeroIsReservedInCachingModeOnly() {
    tables.context(3, 0x10000, 0, 0).context(4, 0x10000, 0, 0);
    assertThat(sentences()).isEmpty();
    tables.register64(0x08, CAP | CM);
    assertThat(sentences())
        .singleElement()
        .asString()
        .startsWith("The context entry of 00:03.0 has domain id 0, and so has 1 more:");
  }

  @Test
  void passThroughWithDomainZeroCountsToo() {
    tables.register64(0x08, CAP | CM).context(3, 0, 2, 0);
    assertThat(sentences()).hasSize(1);
  }

  @Test
  void firstAndSecondStageMustNotShareADomain() {
    pasid(1, 1 << 6 | 1, 7, 0x10000);
    pasid(2, 0x20000 | 2 << 6 | 2 << 2 | 1, 8, 0);
    assertThat(sentences()).isEmpty();
    pasid(2, 0x20000 | 2 << 6 | 2 << 2 | 1, 7, 0);
    assertThat(sentences())
        .singleElement()
        .asString()
        .contains("PASID entry 0 of 00:01.0", "domain id 7", "PASID entry 0 of 00:02.0");
  }

  @Test
  void firstStageTreesAreToldApartByPasidToo() {
    pasid(1, 1 << 6 | 1, 7, 0x10000);
    tables.entry(0x20_3000, 8, 1 << 6 | 1).entry(0x20_3000, 9, 7).entry(0x20_3000, 10, 0x20000);
    assertThat(sentences()).isEmpty();
    pasid(2, 1 << 6 | 1, 7, 0x30000);
    assertThat(sentences()).singleElement().asString().contains("different tables");
  }

  @Test
  void whatIsOnNeedsWhatItReads() {
    tables.register32(0x1C, 1 << 31);
    assertThat(sentences()).singleElement().asString().contains("no root table");
    tables.register32(0x1C, RTPS_TES | IRES);
    assertThat(sentences()).hasSize(2).allMatch(text -> text.startsWith("Interrupt remapping"));
    tables.register32(0x1C, RTPS_TES | IRES | IRTPS | QIES);
    assertThat(sentences()).isEmpty();
  }

  @Test
  void commandByRegisterBesideTheQueueIsSeenInItsStuckBit() {
    tables.register64(0x28, 1L << 63);
    assertThat(sentences()).isEmpty();
    tables.register32(0x1C, RTPS_TES | QIES);
    assertThat(sentences()).singleElement().asString().startsWith("CCMD.ICC is set");
  }

  @Test
  void eventsMustBeInterrupts() {
    tables.register32(0x38, 0).register32(0x40, 0xFEE0_1000);
    assertThat(sentences()).isEmpty();
    tables.register32(0x40, 0x1000);
    assertThat(sentences()).singleElement().asString().startsWith("FECTL is unmasked");
  }

  @Test
  void deliveryModesThatDoNotExist() {
    tables.register32(0x1C, RTPS_TES | IRTPS).register64(0xB8, 0x30_0000 | 3);
    tables.entry(0x30_0000, 2, 1 << 5 | 1).entry(0x30_0000, 4, 3 << 5 | 1);
    assertThat(sentences()).singleElement().asString().startsWith("Interrupt entry 2");
  }
}
