package org.iommulab.ui.player;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.iommulab.course.Lesson;
import org.iommulab.course.Lessons;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Desk;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Texts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lesson is given: forwards, backwards, with experiments and answers in between. */
class LessonPlayingTest {

  private static final Lesson LESSON = Lessons.named("hardware").orElseThrow();

  /** A clock that never rings. */
  private static final class NoClock implements PlayClock {
    @Override
    public void after(Duration time, Runnable next) {}

    @Override
    public void stop() {}
  }

  private final Desk desk = new Desk();
  private final PresetPlayer player =
      new PresetPlayer(desk.model, new Notices(new Texts(Locale.ENGLISH)), new NoClock());

  @AfterEach
  void close() {
    desk.close();
  }

  private List<Command> journal() {
    var commands = new java.util.ArrayList<Command>();
    desk.model.ask(
        view ->
            view.journal().subList(0, view.position()).stream()
                .map(each -> each.command())
                .toList(),
        commands::addAll);
    desk.settle();
    return commands;
  }

  private void goTo(int step) {
    player.goTo(step);
    desk.settle();
  }

  private void begin() {
    player.begin(LESSON);
    desk.settle();
  }

  @Test
  void lessonBeginsAtItsFirstStep() {
    begin();
    assertThat(player.progress().done()).isEqualTo(1);
    assertThat(journal()).endsWith(new Command.Checkpoint("hardware/rtaddr"));
  }

  @Test
  void goingBackKeepsTheAnswers() {
    begin();
    var answer = new Command.Answer("gsts", 0L);
    desk.model.submit(answer);
    goTo(3);
    goTo(0);
    assertThat(player.progress().done()).isEqualTo(1);
    assertThat(journal()).contains(answer).endsWith(new Command.Rewind("hardware/rtaddr"));
  }

  @Test
  void experimentsAreTakenBackBeforeTheNextStep() {
    begin();
    desk.model.submit(new Command.MemWrite(0x1000000, org.iommulab.lab.language.Bytes.ofHex("ff")));
    desk.settle();
    goTo(1);
    assertThat(journal()).contains(new Command.Rewind("hardware/rtaddr"));
    assertThat(player.progress().done()).isEqualTo(2);
  }

  @Test
  void undoOfAStepIsFollowed() {
    begin();
    goTo(1);
    desk.model.rewind(4);
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(1);
  }

  @Test
  void lessonGoesOnWhereItsJournalEnds() {
    begin();
    goTo(4);
    List<Command> before = journal();
    player.forget();
    player.begin(LESSON, before);
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(5);
    assertThat(journal()).isEqualTo(before);
  }

  @Test
  void readingTakesTimeByWordsAndBySigns() {
    assertThat(ReadingTime.of("one two three four five six")).isEqualTo(Duration.ofSeconds(2));
    assertThat(ReadingTime.of("页表项已清除")).isEqualTo(Duration.ofSeconds(2));
    assertThat(ReadingTime.of("")).isZero();
  }
}
