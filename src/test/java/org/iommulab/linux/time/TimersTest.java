package org.iommulab.linux.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimersTest {

  private long time;
  private final Timers timers = new Timers(() -> time);
  private final List<String> fired = new ArrayList<>();

  @Test
  void nothingFiresBeforeItsDeadline() {
    timers.after(10, () -> fired.add("a"));
    time = 9;
    timers.runDue();
    assertThat(fired).isEmpty();
    time = 10;
    timers.runDue();
    assertThat(fired).containsExactly("a");
    assertThat(timers.nextDeadline()).isEmpty();
  }

  @Test
  void leapFiresInOrderOfDeadlinesAndShowsThem() {
    timers.after(20, () -> fired.add("late at " + timers.now()));
    timers.after(5, () -> fired.add("early at " + timers.now()));
    timers.after(5, () -> fired.add("second early at " + timers.now()));
    time = 1000;
    timers.runDue();
    assertThat(fired).containsExactly("early at 5", "second early at 5", "late at 20");
    assertThat(timers.now()).isEqualTo(1000);
  }

  @Test
  void timerSetByTimerFiresInTheSameLeap() {
    timers.after(10, () -> timers.after(10, () -> fired.add("at " + timers.now())));
    time = 25;
    timers.runDue();
    assertThat(fired).containsExactly("at 20");
  }

  @Test
  void cancelledTimerStaysSilent() {
    Timers.Timer timer = timers.after(10, () -> fired.add("a"));
    assertThat(timers.cancel(timer)).isTrue();
    assertThat(timers.cancel(timer)).isFalse();
    time = 10;
    timers.runDue();
    assertThat(fired).isEmpty();
  }
}
