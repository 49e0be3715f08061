package org.iommulab.ui.practice;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.iommulab.course.mend.Ailment;
import org.iommulab.course.mend.Judge;
import org.iommulab.course.mend.Probe;
import org.iommulab.course.mend.Verdict;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Script;
import org.iommulab.ui.busy.FxThread;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** A broken driver that somebody mends. */
@Singleton
public final class MendModel extends PageModel<MendModel.Case> {

  /**
   * How far it has come.
   *
   * @param symptom what shows the bug: paths and what they have; empty while it is worked out
   * @param verdict what the judge said of the script as it stands
   * @param explained whether the bug is told
   */
  record Case(
      Ailment ailment, Map<String, Object> symptom, Optional<Verdict> verdict, boolean explained) {

    Case with(Map<String, Object> seen) {
      return new Case(ailment, seen, verdict, explained);
    }

    Case with(Optional<Verdict> judged) {
      return new Case(ailment, symptom, judged, explained);
    }

    Case told() {
      return new Case(ailment, symptom, verdict, true);
    }
  }

  private final Workplace workplace;
  private final PracticeScore score;
  private final Executor fx;
  private final StringProperty script = new SimpleStringProperty(this, "script", "");
  private boolean judging;

  @Inject
  public MendModel(Workplace workplace, PracticeScore score, @FxThread Executor fx) {
    this.workplace = workplace;
    this.score = score;
    this.fx = fx;
  }

  /** The script that is mended. */
  StringProperty scriptProperty() {
    return script;
  }

  /** Shows a broken driver. */
  void begin(Ailment chosen) {
    setWork(new Case(chosen, Map.of(), Optional.empty(), false));
    script.set(chosen.scriptText());
    show();
    CompletableFuture.supplyAsync(() -> Judge.symptom(chosen), Thread::startVirtualThread)
        .thenAcceptAsync(seen -> change(chosen, now -> now.with(seen)), fx);
  }

  private void change(Ailment chosen, UnaryOperator<Case> how) {
    work().filter(now -> now.ailment() == chosen).map(how).ifPresent(this::setWork);
  }

  /** Puts the broken script back. */
  void restart() {
    work().ifPresent(now -> begin(now.ailment()));
  }

  /** Lets the judge look at the script; does nothing while it does. */
  void judge() {
    Case now = work().orElse(null);
    if (now == null || judging) {
      return;
    }
    judging = true;
    String text = script.get();
    workplace.note(new Command.Answer(now.ailment().sessionName(), text));
    CompletableFuture.supplyAsync(
            () -> Judge.judge(now.ailment(), text), Thread::startVirtualThread)
        .whenCompleteAsync((verdict, problem) -> judged(now.ailment(), verdict, problem), fx);
  }

  private void judged(Ailment chosen, @Nullable Verdict verdict, @Nullable Throwable problem) {
    judging = false;
    if (verdict == null) {
      workplace.tell(Bilingual.same(String.valueOf(problem)));
      return;
    }
    if (verdict.passes()) {
      score.mended(chosen.name());
    }
    change(chosen, now -> now.with(Optional.of(verdict)));
  }

  /** Tells the bug and where it happened. */
  void explain() {
    work()
        .ifPresent(
            now -> {
              workplace.note(new Command.Hint(now.ailment().sessionName()));
              setWork(now.told());
            });
  }

  /** Carries out machine, script and what is done afterwards on the workbench. */
  void build() {
    Case now = work().orElse(null);
    if (now == null) {
      return;
    }
    var commands = new ArrayList<Command>();
    String text = String.join("\n", now.ailment().setup()) + "\n" + script.get();
    switch (Script.parse(now.ailment().name(), text)) {
      case Reading.Bad<Script>(Bilingual sentence) -> {
        workplace.tell(sentence);
        return;
      }
      case Reading.Good<Script>(Script parsed) -> commands.addAll(parsed.commands());
    }
    commands.addAll(acts(now.ailment()));
    leave();
    workplace.build(commands);
  }

  private static List<Command> acts(Ailment ailment) {
    return ailment.trial().stream()
        .filter(Probe.Act.class::isInstance)
        .map(probe -> ((Probe.Act) probe).command())
        .toList();
  }
}
