package org.iommulab.ui.busy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.iommulab.evidence.casefile.Case;
import org.iommulab.lab.language.Command;
import org.iommulab.progress.Progress;
import org.iommulab.ui.Asker;
import org.iommulab.ui.Desk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorksTest {

  private final Desk desk = new Desk();
  private final List<String> heard = new ArrayList<>();

  @AfterEach
  void close() {
    desk.close();
  }

  /** Writes down what an asker hears. */
  private final class Notes implements Asker<Integer> {
    @Override
    public void answered(Integer answer) {
      heard.add("answered " + answer);
    }

    @Override
    public void failed() {
      heard.add("failed");
    }

    @Override
    public void givenUp() {
      heard.add("given up");
    }

    @Override
    public void ended() {
      heard.add("ended");
    }
  }

  @Test
  void workGivenUpInItsMiddleIsNoMistakeAndChangesNothing() {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    Work work = Work.named("work.laboratory");
    desk.model.change(
        work,
        lab -> {
          lab.execute(new Command.Note("half"));
          begun.countDown();
          await(goOn);
          Progress.report(1, 2);
          return lab.position();
        },
        new Notes());
    await(begun);
    assertThat(desk.works.running()).containsExactly(work);
    work.giveUp();
    goOn.countDown();
    desk.settle();
    assertThat(heard).containsExactly("given up", "ended");
    assertThat(desk.model.facts().commands()).isZero();
    assertThat(desk.works.running()).isEmpty();
  }

  @Test
  void workGivenUpBeforeItsTurnNeverBegins() {
    var goOn = new CountDownLatch(1);
    desk.model.change(
        lab -> {
          await(goOn);
          return 0;
        },
        new Notes());
    Work second = Work.named("work.laboratory");
    desk.model.change(second, lab -> lab.journal().size() + 100, new Notes());
    second.giveUp();
    goOn.countDown();
    desk.settle();
    assertThat(heard).containsExactly("answered 0", "ended", "given up", "ended");
  }

  @Test
  void aLogIsNotReadOnOnceNobodyWantsIt(@TempDir Path folder) throws IOException {
    Path log = folder.resolve("dmesg.log");
    Files.writeString(log, "DMAR: DRHD base: 0x000000fed90000 flags: 0x0\n".repeat(20_000));
    Work work = Work.named("work.open", "dmesg.log");
    var shares = new ArrayList<Double>();
    desk.model.aside(
        work,
        () ->
            Progress.heard(
                (done, total) -> {
                  shares.add((double) done / total);
                  work.giveUp();
                  work.heard(() -> 0);
                },
                () -> Case.open(log) instanceof Case.Good ? 1 : 0),
        new Notes());
    while (heard.size() < 2) {
      desk.settle();
    }
    assertThat(heard).containsExactly("given up", "ended");
    assertThat(shares).hasSize(1);
    assertThat(shares.getFirst()).isLessThan(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
