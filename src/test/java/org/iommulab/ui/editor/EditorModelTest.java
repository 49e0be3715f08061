package org.iommulab.ui.editor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.course.Draft;
import org.iommulab.course.Fault;
import org.iommulab.course.Lesson;
import org.iommulab.course.LessonCheck;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Desk;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.player.PlayClock;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.stage.StageModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lesson is recorded, described, checked and saved. */
class EditorModelTest {

  /** A clock that never rings. */
  private static final class NoClock implements PlayClock {
    @Override
    public void after(Duration time, Runnable next) {}

    @Override
    public void stop() {}
  }

  private final Selection selection = new Selection();
  private final Desk desk = new Desk(selection);
  private final Notices notices = new Notices(new Texts(Locale.ENGLISH));
  private final PresetPlayer player = new PresetPlayer(desk.model, notices, new NoClock());
  private final StageModel stage = new StageModel(desk.model, player, selection, notices, desk.fx);
  private final EditorModel editor =
      new EditorModel(desk.model, selection, stage, new Texts(Locale.ENGLISH));

  @AfterEach
  void close() {
    desk.close();
  }

  private void write(long value) {
    desk.model.submit(new Command.MemWrite(0x1000, Bytes.ofQuadwords(value)));
    desk.settle();
  }

  private void record() {
    write(1);
    editor.start(false);
    desk.settle();
    editor.titleProperty().set("Mine: a lesson");
    editor.goalProperty().set("Say what is there");
    write(7);
    selection.select(new Selected.Bytes(0x1000, 8));
    editor.outline("memory");
    desk.settle();
    editor.add(
        "First",
        "Look at it. It is \"seven\".",
        Optional.of(
            new Draft.Ask(
                "choice",
                "What next?",
                "nine: 9\nseven: 7",
                "nine: mem(0x1000) == 9\nseven: mem(0x1000) == 7",
                true,
                "Three times three.",
                "seven: That is there now.")),
        "");
    desk.settle();
    write(9);
    editor.add("Second", "It is nine now.", Optional.empty(), "Memory forgets.");
    desk.settle();
  }

  @Test
  void whatWasDoneSinceTheLastStepBecomesTheNext() {
    record();
    assertThat(editor.steps()).hasSize(2);
    assertThat(editor.steps().get(0).commands())
        .containsExactly(new Command.MemWrite(0x1000, Bytes.ofQuadwords(7)));
    assertThat(editor.steps().get(0).shows().getFirst())
        .containsEntry("pane", "memory")
        .containsEntry("address", 0x1000L);
    assertThat(editor.steps().get(1).commands())
        .containsExactly(new Command.MemWrite(0x1000, Bytes.ofQuadwords(9)));
  }

  @Test
  void theRecordedLessonIsSound(@TempDir Path folder) throws IOException {
    record();
    List<Fault> faults = new ArrayList<>();
    editor.check(faults::addAll);
    desk.settle();
    assertThat(faults).isEmpty();
    Path file = folder.resolve("mine.yaml");
    editor.save(file);
    Lesson.Read read = Lesson.read(file);
    assertThat(LessonCheck.of(read)).isEmpty();
    assertThat(read.lesson().orElseThrow().title().in("en")).isEqualTo("Mine: a lesson");
    assertThat(Files.readString(file)).contains("id: step-2");
  }

  @Test
  void aFaultIsToldInWords() {
    record();
    editor.remove(1);
    editor.check(faults -> {});
    desk.settle();
    assertThat(editor.messageProperty().get()).contains("its step is the last one");
  }

  @Test
  void stepsCanBePutInOrder() {
    record();
    assertThat(editor.up(1)).isZero();
    assertThat(editor.steps().get(0).title()).isEqualTo("Second");
    assertThat(editor.up(0)).isZero();
  }
}
