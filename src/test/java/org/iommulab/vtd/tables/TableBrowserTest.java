package org.iommulab.vtd.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.vtd.tables.TablesFixture.READ_WRITE;

import org.iommulab.bus.Pasid;
import org.junit.jupiter.api.Test;

class TableBrowserTest {

  private final TablesFixture tables = new TablesFixture();

  @Test
  void passThroughIgnoresItsPointer() {
    tables.context(3, 0x10000, 2, 7);
    TableBrowser browser = tables.browser();
    assertThat(browser.contexts()).hasSize(1);
    assertThat(browser.tableKeys()).isEmpty();
  }

  @Test
  void entryThatIsNotPresentIsListedButNotFollowed() {
    tables.context(3, 0x10000, 0, 7).entry(TablesFixture.CONTEXT, 3 * 16, 0x10000);
    TableBrowser browser = tables.browser();
    assertThat(browser.contexts()).extracting(ContextNode::present).containsExactly(false);
    assertThat(browser.tableKeys()).isEmpty();
  }

  @Test
  void unitThatWasGivenNoRootTableHasNoContexts() {
    tables.context(3, 0x10000, 0, 7).register32(0x1C, 0);
    assertThat(tables.browser().rootTable()).isEmpty();
    assertThat(tables.browser().contexts()).isEmpty();
  }

  @Test
  void devicesOfOneDomainShareOneTree() {
    tables.context(3, 0x10000, 0, 7).context(4, 0x10000, 1, 7);
    assertThat(tables.browser().tableKeys()).hasSize(1);
    assertThat(tables.browser().uses()).hasSize(2);
    assertThat(tables.browser().findings()).isEmpty();
  }

  @Test
  void oneDomainIdWithTwoTreesIsFound() {
    tables.context(3, 0x10000, 0, 7).context(4, 0x20000, 0, 7);
    assertThat(tables.browser().findings())
        .extracting(Finding::kind)
        .containsExactly(Finding.Kind.DOMAIN_CONFLICT);
  }

  @Test
  void tableThatPointsBackIsFound() {
    tables.context(3, 0x10000, 0, 7).chain().entry(0x12000, 5, 0x10000 | READ_WRITE);
    assertThat(tables.browser().findings())
        .extracting(Finding::kind)
        .contains(Finding.Kind.SELF_REFERENCE);
  }

  @Test
  void reservedBitsAndMissingTablesAreCounted() {
    tables
        .context(3, 0x10000, 0, 7)
        .chain()
        .entry(0x13000, 0, 0x500000 | 1L << 62 | READ_WRITE)
        .entry(0x12000, 1, 0x7000_0000L | READ_WRITE);
    assertThat(tables.browser().findings())
        .extracting(Finding::text)
        .containsExactly(
            "ss@0x10000/4: 1 entries have reserved bits set, the first one at 0x13000.",
            "ss@0x10000/4: 1 tables are not in memory; the first pointer to one is at 0x12008.");
  }

  @Test
  void everyMappingOfAPageIsFoundBackwards() {
    tables
        .context(3, 0x10000, 0, 7)
        .chain()
        .entry(0x13000, 2, 0x500000 | READ_WRITE)
        .entry(0x13000, 9, 0x500000 | READ_WRITE);
    assertThat(tables.browser().mappingsOf(0x500123, 10))
        .extracting(ReverseMapping::iova)
        .containsExactly(0x2123L, 0x9123L);
    assertThat(tables.browser().mappingsOf(0x500123, 1)).hasSize(1);
  }

  @Test
  void scalableContextsLeadToPasidEntries() {
    // PASID 65: directory entry 1, table entry 1.
    tables.register64(0x20, TablesFixture.ROOT | 1 << 10).register64(0x10, 0x480000F00F4AL);
    tables.memory.writeQword(TablesFixture.ROOT + 8, TablesFixture.CONTEXT | 1);
    tables.memory.writeQword(TablesFixture.CONTEXT + 32, 0x3000 | 1);
    tables.entry(0x3000, 1, 0x4000 | 1).entry(0x4000, 8, 0x10000 | 2 << 6 | 2 << 2 | 1);
    tables.entry(0x4000, 9, 42);
    TableBrowser browser = tables.browser();
    assertThat(browser.contexts().getFirst().source()).hasToString("00:10.1");
    assertThat(browser.pasids()).extracting(PasidNode::pasid).containsExactly(new Pasid(65));
    assertThat(browser.uses())
        .containsExactly(
            new TableUse(
                new TableKey(TableKey.Stage.SECOND, 0x10000, 4),
                browser.contexts().getFirst().source(),
                new Pasid(65),
                42,
                false));
  }

  @Test
  void queueOfScalableModeIsWideThoughTheRegisterDoesNotSay() {
    tables.register32(0x1C, 0xC400_0000).register64(0x90, 0x5000);
    tables.entry(0x5000, 0, 0x25).entry(0x5000, 2, 0x25);
    assertThat(tables.browser().queue().orElseThrow().descriptorBytes()).isEqualTo(16);
    assertThat(tables.browser().queue().orElseThrow().descriptors()).hasSize(2);

    tables.register64(0x20, TablesFixture.ROOT | 1 << 10);
    assertThat(tables.browser().queue().orElseThrow().descriptorBytes()).isEqualTo(32);
  }

  @Test
  void slotsTellTheWidthWhereTheModeDoesNot() {
    tables.register32(0x1C, 0xC400_0000).register64(0x90, 0x5000).register64(0x10, 0x80000000F4AL);
    tables.entry(0x5000, 0, 0x25).entry(0x5000, 4, 0x25);
    assertThat(tables.browser().queue().orElseThrow().descriptorBytes()).isEqualTo(32);
    tables.entry(0x5000, 2, 0x25);
    assertThat(tables.browser().queue().orElseThrow().descriptorBytes()).isEqualTo(16);
  }

  @Test
  void interruptEntriesThatAreZeroAreLeftOut() {
    tables.register32(0x1C, 0xC100_0000).register64(0xB8, 0x6000 | 7);
    tables.memory.writeQword(0x6030, 0x210009);
    assertThat(tables.browser().interruptTable().orElseThrow().entries()).isEqualTo(256);
    assertThat(tables.browser().irtes()).extracting(IrteNode::index).containsExactly(3);
  }
}
