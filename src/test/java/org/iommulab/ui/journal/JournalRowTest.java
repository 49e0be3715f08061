package org.iommulab.ui.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.ScriptedLab;
import org.iommulab.ui.view.part.OutlineRow.Branch;
import org.junit.jupiter.api.Test;

class JournalRowTest {

  private static final String READ = "{'op':'mem.read','addr':4096,'count':1}";
  private static final String HOLDS = "{'op':'expect','path':'qi(iotlb_inv)','value':0}";
  private static final String FAILS = "{'op':'expect','path':'qi(iotlb_inv)','value':7}";

  private static List<JournalEntry> journal(String... lines) {
    var lab = new org.iommulab.lab.Laboratory();
    for (String line : lines) {
      lab.execute(ScriptedLab.command(line));
    }
    assertThat(lab.journal()).hasSameSizeAs(lines);
    return lab.journal();
  }

  private static List<String> keys(List<JournalRow> rows) {
    return rows.stream().map(JournalRow::key).toList();
  }

  @Test
  void checksThatHoldFoldIntoOneLine() {
    var rows = JournalRow.of(journal(READ, HOLDS, HOLDS, HOLDS, READ), first -> false);
    assertThat(keys(rows)).containsExactly("0", "checks-1", "4");
    assertThat(rows.get(1).checks()).isEqualTo(3);
    assertThat(rows.get(1).branch()).isEqualTo(Branch.CLOSED);
    assertThat(rows.get(1).last()).isEqualTo(3);
    assertThat(rows.get(1).succeeded()).isTrue();
  }

  @Test
  void checksWithAFailureStandOpen() {
    var rows = JournalRow.of(journal(HOLDS, FAILS), first -> false);
    assertThat(keys(rows)).containsExactly("checks-0", "0", "1");
    assertThat(rows.getFirst().succeeded()).isFalse();
    assertThat(rows.getFirst().failed()).isEqualTo(1);
    assertThat(rows.get(1).depth()).isEqualTo(1);
  }

  @Test
  void aPersonOpensAndFoldsThem() {
    List<JournalEntry> journal = journal(HOLDS, HOLDS);
    assertThat(keys(JournalRow.of(journal, first -> first == 0)))
        .containsExactly("checks-0", "0", "1");
    assertThat(keys(JournalRow.of(journal(HOLDS, FAILS), first -> true)))
        .containsExactly("checks-0");
  }

  @Test
  void aSingleCheckStandsForItself() {
    assertThat(keys(JournalRow.of(journal(READ, HOLDS, READ), first -> false)))
        .containsExactly("0", "1", "2");
  }
}
