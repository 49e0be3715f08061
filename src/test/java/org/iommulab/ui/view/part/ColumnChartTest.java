package org.iommulab.ui.view.part;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.ui.view.part.ColumnChart.Column;
import org.junit.jupiter.api.Test;

class ColumnChartTest {

  @Test
  void columnsThatFitStayAsTheyAre() {
    assertThat(ColumnChart.joined(List.of(new Column(1, 0), new Column(0, 2)), 2))
        .containsExactly(new Column(1, 0), new Column(0, 2));
  }

  @Test
  void columnsWithoutRoomAreAddedUpAndNothingIsLost() {
    var many = new ArrayList<Column>();
    for (int i = 0; i < 100; i++) {
      many.add(new Column(i, 1));
    }
    List<Column> joined = ColumnChart.joined(many, 30);
    assertThat(joined).hasSizeLessThanOrEqualTo(30);
    assertThat(joined.stream().mapToLong(Column::low).sum()).isEqualTo(4950);
    assertThat(joined.stream().mapToLong(Column::high).sum()).isEqualTo(100);
  }
}
