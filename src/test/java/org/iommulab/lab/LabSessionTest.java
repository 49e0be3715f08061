package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LabSessionTest {

  private static final Command WRITE = new Command.MemWrite(0x1000, Bytes.ofQuadwords(7));

  private final LabSession session = new LabSession();

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void everyChangeIsToldWithItsSnapshotNumber() {
    List<Long> told = new CopyOnWriteArrayList<>();
    session.listen(told::add);
    session.submit(WRITE).join();
    session.submit(WRITE).join();
    session.change(Laboratory::undo).join();
    assertThat(told).hasSize(3).isSorted().doesNotHaveDuplicates();
    assertThat(session.ask(LabView::snapshot).join()).isEqualTo(told.getLast());
  }

  @Test
  void refusalsAndQuestionsTellNobody() {
    List<Long> told = new CopyOnWriteArrayList<>();
    session.ask(LabView::position).join();
    session.listen(told::add);
    session.submit(new Command.Rewind("nowhere")).join();
    session.ask(LabView::position).join();
    assertThat(told).isEmpty();
  }

  @Test
  void questionsAreAnsweredOnTheLaboratorysThread() {
    assertThat(session.ask(view -> Thread.currentThread().getName()).join())
        .isEqualTo("laboratory");
  }
}
