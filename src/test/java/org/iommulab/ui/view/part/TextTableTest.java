package org.iommulab.ui.view.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {

  private final TextTable table =
      new TextTable(List.of("name", "value"), List.of(List.of("a,b", "1"), List.of("c", "2")));

  @Test
  void tabsLeaveTheHeadingsOut() {
    assertThat(table.toTabs()).isEqualTo("a,b\t1\nc\t2\n");
  }

  @Test
  void commaSeparatedValuesQuoteWhatNeedsIt() {
    assertThat(table.toCsv()).isEqualTo("name,value\n\"a,b\",1\nc,2\n");
  }
}
