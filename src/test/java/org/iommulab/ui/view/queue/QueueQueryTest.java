package org.iommulab.ui.view.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.vtd.tables.QueueContents;
import org.junit.jupiter.api.Test;

class QueueQueryTest {

  private static QueueContents queue(long head, long tail) {
    return new QueueContents(
        0x5000,
        4096,
        16,
        false,
        head * 16,
        tail * 16,
        List.of(
            new QueueContents.Descriptor(0, 0x5000, new long[] {0x2100F2, 0x1_0040_0009L}),
            new QueueContents.Descriptor(1, 0x5010, new long[] {0x2_0000_0025L, 0x1000}),
            new QueueContents.Descriptor(2, 0x5020, new long[] {0xFFF, 0})));
  }

  private static List<Slot.State> states(QueuePicture picture) {
    return picture.rows().stream().map(Slot::state).toList();
  }

  @Test
  void slotsBeforeTheHeadAreDoneAndThoseBehindItWait() {
    QueuePicture picture = QueueQuery.picture(queue(1, 3), true, false);
    assertThat(states(picture))
        .containsExactly(Slot.State.DONE, Slot.State.HEAD, Slot.State.PENDING, Slot.State.TAIL);
    assertThat(picture.pending()).isEqualTo(2);
  }

  @Test
  void waitingSlotsGoAroundTheEnd() {
    QueuePicture picture = QueueQuery.picture(queue(255, 2), true, false);
    assertThat(picture.pending()).isEqualTo(3);
    assertThat(states(picture))
        .containsExactly(Slot.State.PENDING, Slot.State.PENDING, Slot.State.TAIL, Slot.State.HEAD);
  }

  @Test
  void descriptorsAreDecodedAndUnknownOnesStayUnknown() {
    QueuePicture picture = QueueQuery.picture(queue(3, 3), true, false);
    assertThat(
            picture
                .rows()
                .getFirst()
                .decoded()
                .in(new org.iommulab.ui.Texts(java.util.Locale.ENGLISH)))
        .startsWith("page")
        .contains("DID 21", "AM 9", "ADDR 1_0040_0000");
    assertThat(picture.rows().get(2).kind()).isNull();
    assertThat(picture.rows().getLast().state()).isEqualTo(Slot.State.HEAD_AND_TAIL);
  }
}
