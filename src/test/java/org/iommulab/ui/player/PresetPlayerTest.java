package org.iommulab.ui.player;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.script.Preset;
import org.iommulab.ui.Desk;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Texts;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PresetPlayerTest {

  /** Beats when told to. */
  private static final class HandClock implements PlayClock {
    private @Nullable Runnable beat;
    private Duration time = Duration.ZERO;

    @Override
    public void after(Duration wait, Runnable next) {
      time = wait;
      beat = next;
    }

    @Override
    public void stop() {
      beat = null;
    }

    void tick() {
      if (beat != null) {
        beat.run();
      }
    }
  }

  private static final Bilingual NONE = new Bilingual("", "");
  private static final Preset THREE =
      new Preset(
          "three",
          NONE,
          NONE,
          NONE,
          List.of(
              step(new Command.Note("a"), new Command.MemRead(0, 1)),
              step(new Command.DmaRead("00:03.0", 0, 4)),
              step(new Command.MemRead(0, 1))));

  private final Desk desk = new Desk();
  private final HandClock clock = new HandClock();
  private final PresetPlayer player =
      new PresetPlayer(desk.model, new Notices(new Texts(Locale.ENGLISH)), clock);

  private static Preset.Step step(Command... commands) {
    return new Preset.Step(new Bilingual("step", "步"), null, List.of(commands));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private void load(int steps) {
    player.load(THREE, steps);
    desk.settle();
  }

  @Test
  void stepsGoForwardAndBack() {
    load(1);
    player.step();
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(2);
    assertThat(desk.model.facts().position()).isEqualTo(3);
    player.stepBack();
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(1);
    assertThat(desk.model.facts().position()).isEqualTo(2);
  }

  @Test
  void undoOfAStepsCommandMakesTheStepUndone() {
    load(2);
    desk.model.undo();
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(1);
    desk.model.redo();
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(2);
  }

  @Test
  void ownCommandsBetweenStepsDoNotDisturb() {
    load(1);
    desk.model.submit(new Command.Note("mine"));
    desk.settle();
    player.step();
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(2);
    assertThat(desk.model.facts().position()).isEqualTo(4);
  }

  @Test
  void showingGoesToTheFirstRequestOfADevice() {
    player.show(THREE);
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(2);
  }

  @Test
  void playingEndsWithTheLastStep() {
    load(1);
    player.play();
    desk.settle();
    assertThat(player.playingProperty().get()).isTrue();
    clock.tick();
    desk.settle();
    clock.tick();
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(3);
    assertThat(player.playingProperty().get()).isFalse();
  }

  @Test
  void aStepStandsForAsLongAsItTakesToReadIt() {
    String note = "word ".repeat(90).strip();
    Preset.Step read =
        new Preset.Step(NONE, new Bilingual(note, note), List.of(new Command.Note("a")));
    Preset.Step next = step(new Command.Note("b"));
    player.load(new Preset("read", NONE, NONE, NONE, List.of(read, next, next)), 0);
    desk.settle();
    player.play();
    desk.settle();
    assertThat(clock.time).isEqualTo(Duration.ofSeconds(33));
    player.paceProperty().set(2);
    assertThat(clock.time).isEqualTo(Duration.ofMillis(16_500));
    clock.tick();
    desk.settle();
    assertThat(clock.time).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void nothingToStepIsNoMistake() {
    player.step();
    player.stepBack();
    player.restart();
    desk.settle();
    assertThat(player.progress().preset()).isEmpty();
  }

  @Test
  void aStepThatFailsDoesNotStopThePlayerForGood() {
    load(1);
    var mistakes = new ArrayList<Throwable>();
    desk.model.setOnMistake(mistakes::add);
    desk.close();
    player.step();
    desk.deliver();
    player.step();
    desk.deliver();
    assertThat(mistakes).hasSize(2);
    assertThat(player.progress().done()).isEqualTo(1);
  }

  @Test
  void aPresetThatCannotBeLoadedIsNotPlayed() {
    load(1);
    var mistakes = new ArrayList<Throwable>();
    desk.model.setOnMistake(mistakes::add);
    desk.close();
    player.load(THREE, 2);
    desk.deliver();
    assertThat(mistakes).isNotEmpty();
    assertThat(player.progress().preset()).isEmpty();
  }

  @Test
  void aPresetChosenWhileAStepIsUnderWayIsCountedAlone() {
    load(1);
    player.step();
    player.load(THREE, 1);
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(1);
    player.step();
    desk.settle();
    assertThat(player.progress().done()).isEqualTo(2);
    assertThat(desk.model.facts().position()).isEqualTo(3);
  }
}
