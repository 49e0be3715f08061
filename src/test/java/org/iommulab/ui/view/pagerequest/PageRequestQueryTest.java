package org.iommulab.ui.view.pagerequest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageRequestQueryTest {

  private static final long QUEUE = 0x100_0000L;
  private static final int PQH = 0xC0;
  private static final int PQA = 0xD0;
  private static final long PAGE_REQUEST_SUPPORT = 1L << 29;

  private final LabDouble lab = LabDouble.after(List.of());

  @AfterEach
  void close() {
    lab.close();
  }

  private PageRequestPicture picture() {
    return lab.ask(PageRequestQuery::answer);
  }

  private void setUp() {
    lab.run(new Command.StartMachine(Map.of("scalable", true)));
    long ecap = lab.ask(view -> view.tables().registers().ecap());
    lab.run(
        new Command.StartMachine(Map.of("scalable", true, "ecap", ecap | PAGE_REQUEST_SUPPORT)));
    lab.run(
        new Command.MemWrite(
            QUEUE,
            Bytes.ofQuadwords(
                1L | 1 << 8 | 0x18 << 16 | 7L << 32, 0x5000L | 9 << 3 | 4 | 3, 0, 0)));
    lab.run(new Command.RegWrite(PQA, 8, QUEUE, 0));
  }

  @Test
  void requestIsDecodedFromItsSlot() {
    setUp();
    PageRequestPicture picture = picture();
    assertThat(picture.slots()).isEqualTo(128);
    assertThat(picture.rows())
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.source()).hasToString("00:03.0");
              assertThat(row.pasid()).isEqualTo(7);
              assertThat(row.wants()).isEqualTo("RW");
              assertThat(row.page()).isEqualTo(0x5000);
              assertThat(row.group()).isEqualTo(9);
              assertThat(row.last()).isTrue();
              assertThat(row.waiting()).isFalse();
            });
  }

  @Test
  void slotsFromHeadToTailWait() {
    setUp();
    lab.run(new Command.RegWrite(PQH, 8, 127 * 32, 0));
    assertThat(picture().waiting()).isEqualTo(1);
    assertThat(picture().rows().getFirst().waiting()).isFalse();
  }

  @Test
  void machineWithoutQueueShowsNothing() {
    assertThat(picture()).isEqualTo(PageRequestPicture.NONE);
  }
}
