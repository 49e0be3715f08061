package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.script.Presets;
import org.iommulab.progress.Progress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work that is given up in the middle leaves the laboratory as it was. */
class GivenUpTest {

  private final Laboratory lab = new Laboratory();
  private List<String> journal = List.of();
  private long memory;

  @BeforeEach
  void doSomething() {
    lab.load(Presets.named("vfio-dma-map").orElseThrow());
    lab.undo();
    journal = lines();
    memory = MemoryDigest.of(lab.view());
  }

  private List<String> lines() {
    return lab.journal().stream().map(entry -> entry.command().toJson()).toList();
  }

  /** Gives the work up at its n-th report. */
  private void giveUp(int reports, Function<Laboratory, ?> work) {
    int[] left = {reports};
    assertThatThrownBy(
            () ->
                Progress.heard(
                    (done, total) -> {
                      if (left[0]-- == 0) {
                        throw new CancellationException();
                      }
                    },
                    () -> lab.wholly(work)))
        .isInstanceOf(CancellationException.class);
  }

  private void assertUnchanged(int position, long snapshot) {
    assertThat(lines()).isEqualTo(journal);
    assertThat(lab.position()).isEqualTo(position);
    assertThat(lab.snapshot()).isEqualTo(snapshot);
    assertThat(MemoryDigest.of(lab.view())).isEqualTo(memory);
  }

  @Test
  void aRewindGivenUpStaysWhereItWas() {
    int position = lab.position();
    long snapshot = lab.snapshot();
    giveUp(2, each -> each.rewind(position - 1));
    assertUnchanged(position, snapshot);
    giveUp(0, each -> each.rewind(position + 1));
    assertUnchanged(position, snapshot);
    assertThat(lab.redo()).isTrue();
  }

  @Test
  void aScriptGivenUpKeepsTheJournalBeforeItAndWhatWasUndone() {
    int position = lab.position();
    long snapshot = lab.snapshot();
    giveUp(3, each -> each.load(Presets.named("nested").orElseThrow()));
    assertUnchanged(position, snapshot);
    assertThat(lab.redo()).isTrue();
  }

  @Test
  void aCommandGivenUpInItsMiddleHasDoneNothing() {
    int position = lab.position();
    long snapshot = lab.snapshot();
    giveUp(
        20,
        each -> {
          each.execute(new Command.MemWrite(0x1000, Bytes.ofQuadwords(7)));
          return each.execute(
              ScriptedLab.command(
                  "{'op':'traffic','dev':'nic','ranges':[{'start':0,'len':65536}],'count':100}"));
        });
    assertUnchanged(position, snapshot);
  }

  @Test
  void whatIsDoneToItsEndStays() {
    assertThat(lab.wholly(each -> each.execute(new Command.Note("said"))).succeeded()).isTrue();
    assertThat(lines()).hasSizeLessThanOrEqualTo(journal.size());
    assertThat(lab.journal().getLast().command()).isEqualTo(new Command.Note("said"));
  }
}
