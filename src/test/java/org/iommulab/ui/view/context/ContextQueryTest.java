package org.iommulab.ui.view.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.iommulab.ui.view.WorkedExample;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.Test;

class ContextQueryTest {

  @Test
  void contextEntriesStandBelowTheirBusAndCanBeClosed() {
    try (LabDouble lab = LabDouble.after(WorkedExample.setUp())) {
      var model = new ContextModel();
      ContextPicture picture = lab.ask(ContextQuery::answer);
      model.show(picture);
      assertThat(model.rows())
          .extracting(ContextRow::key)
          .containsExactly("root-00", "ctx-0018", "ctx-0020");
      ContextRow nic = model.rows().get(1);
      assertThat(nic.domain().text().literal()).isEqualTo("21");
      assertThat(nic.target().text().literal()).isEqualTo("PML4 10A000");
      assertThat(nic.device().text().literal()).startsWith("00:03.0");
      model.toggle(model.rows().getFirst());
      assertThat(model.rows()).extracting(ContextRow::key).containsExactly("root-00");
    }
  }
}
