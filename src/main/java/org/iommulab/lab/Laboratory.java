package org.iommulab.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.iommulab.evidence.Snapshot;
import org.iommulab.lab.advice.Advice;
import org.iommulab.lab.advice.Advisor;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Nearest;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.language.Trait;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.run.Origin;
import org.iommulab.lab.run.Rig;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Script;
import org.iommulab.linux.program.Session;
import org.iommulab.memory.Changes;
import org.iommulab.progress.Progress;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * A machine with its journal: executes commands, goes back and forth. The same journal gives the
 * same bytes, always; going back is a replay of what came before. One thread owns it; {@link
 * LabSession} is that thread.
 */
public final class Laboratory {

  /** How far back a replay looks for calls worth showing. */
  private static final int TRACED_BACK = 256;

  private Log<JournalEntry> journal = new Log<>();

  /** The state after each entry of the journal. */
  private Log<Past> states = new Log<>();

  private Origin origin;
  private @Nullable Snapshot opened;
  private Changes changed = Changes.NONE;
  private @Nullable Rig rig;

  /** The machine with which {@link #wholly} began, until a command changes it. */
  private @Nullable Rig spared;

  private boolean advised;

  /** The dump that the advisor has looked at last, and what it said. */
  private @Nullable Snapshot judged;

  private List<Advice> judgement = List.of();
  private int position;
  private long snapshot;

  /** An empty laboratory; a command other than {@code machine} powers on the default machine. */
  public Laboratory() {
    this(Profiles.SPEC);
  }

  /**
   * An empty laboratory.
   *
   * @param profile for machine lines that name none, one of {@link Profiles#names()}
   */
  public Laboratory(String profile) {
    origin = new Origin(profile, null);
  }

  /**
   * Carries out a command and adds it to the journal; commands undone before are dropped. A refused
   * command changes nothing and is not added.
   */
  public Result execute(Command command) {
    if (opened != null) {
      return new Result.Refused(
          Bilingual.of(
              "this is a dump, to look at only; fork it to carry out commands on a copy",
              "这是一份转储，只能查看；要执行命令，请先分叉出一个副本"));
    }
    try {
      return command instanceof Command.Rewind rewind ? rewindTo(rewind) : perform(command);
    } catch (Complaint e) {
      return new Result.Refused(e.words());
    }
  }

  /**
   * Does something that may be given up in the middle, through {@link Progress}: then everything is
   * as it was before.
   *
   * @throws CancellationException if it was given up
   */
  public <T> T wholly(Function<Laboratory, T> work) {
    var before = new Before(origin, opened, rig, advised, journal(), states.entries(), position);
    long number = snapshot;
    spared = rig;
    try {
      return work.apply(this);
    } catch (CancellationException e) {
      Progress.unheard(() -> putBack(before));
      snapshot = number;
      throw e;
    } finally {
      spared = null;
    }
  }

  /** Everything there was at one moment; its machine may have gone on since. */
  private record Before(
      Origin origin,
      @Nullable Snapshot opened,
      @Nullable Rig rig,
      boolean advised,
      List<JournalEntry> journal,
      List<Past> states,
      int position) {}

  private void putBack(Before before) {
    origin = before.origin();
    opened = before.opened();
    advised = before.advised();
    journal = new Log<>(before.journal());
    states = new Log<>(before.states());
    position = before.position();
    rig = before.rig() == spared ? spared : replayed(state(position));
  }

  private void touch(Rig target) {
    if (target == spared) {
      spared = null;
    }
  }

  private Result perform(Command command) throws Complaint {
    if (command instanceof Command.Expect expect && Advisor.isAskedFor(expect.path())) {
      setAdvised(true);
    }
    Rig target = command instanceof Command.StartMachine start ? powerOn(start) : rig();
    target.setNumber(position);
    touch(target);
    Result result = executeSafely(target, command);
    if (!(result instanceof Result.Refused)) {
      rig = target;
      keepBeside(target);
      append(command, result, Past.of(state(position), command, position));
    }
    return result;
  }

  /** What a command learned of running programs stands before it, for when they are gone. */
  private void keepBeside(Rig target) {
    target
        .programs()
        .map(Session::takeBeside)
        .map(Command.Program::new)
        .ifPresent(
            learned ->
                append(learned, Result.NOTHING, Past.of(state(position), learned, position)));
  }

  /** A mistake of ours in the middle of a command must not cost the session. */
  private Result executeSafely(Rig target, Command command) throws Complaint {
    try {
      return target.execute(command);
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      rig = replay(state(position));
      throw e;
    }
  }

  private Result rewindTo(Command.Rewind rewind) throws Complaint {
    for (int i = position - 1; i >= 0; i--) {
      if (journal.get(i).command() instanceof Command.Checkpoint mark
          && mark.name().equals(rewind.to())) {
        Past target = states.get(i);
        rig = replay(target);
        append(rewind, Result.NOTHING, target);
        return Result.NOTHING;
      }
    }
    var names =
        journal.entries().subList(0, position).stream()
            .map(JournalEntry::command)
            .filter(Command.Checkpoint.class::isInstance)
            .map(mark -> ((Command.Checkpoint) mark).name())
            .distinct()
            .toList();
    throw new Complaint(
        "there is no checkpoint \"%s\"%s",
        "没有名为 \"%s\" 的检查点%s", rewind.to(), Nearest.hint(rewind.to(), names));
  }

  private void append(Command command, Result result, Past after) {
    journal.truncate(position);
    states.truncate(position);
    long time = rig == null ? 0 : rig.timeNs();
    journal.add(new JournalEntry(position, command, result, time));
    states.add(after);
    position++;
    snapshot++;
  }

  private @Nullable Past state(int at) {
    return at == 0 ? null : states.get(at - 1);
  }

  private Rig rig() throws Complaint {
    if (rig == null) {
      rig = fresh(origin.machine());
    }
    return rig;
  }

  private Rig powerOn(Command.StartMachine start) throws Complaint {
    return fresh(origin.machine(start.keys()));
  }

  private Rig fresh(Machine machine) {
    var made = new Rig(machine);
    if (advised) {
      Advisor.of(made);
    }
    return made;
  }

  /**
   * Lets the advisor look on, or not any more. What was done before is gone through once more, so
   * that it has seen everything.
   */
  public void setAdvised(boolean on) {
    if (advised == on) {
      return;
    }
    advised = on;
    if (rig != null) {
      rig = replayed(state(position));
      snapshot++;
    }
  }

  /** Whether the advisor looks on. */
  public boolean isAdvised() {
    return advised;
  }

  /** What the advisor has said about the commands in effect; nothing while it does not look on. */
  public List<Advice> advice() {
    if (advised && opened != null) {
      if (!opened.equals(judged)) {
        judged = opened;
        judgement = adviceOn(opened);
      }
      return judgement;
    }
    return rig != null && rig.watch() instanceof Advisor advisor ? advisor.advice() : List.of();
  }

  /**
   * What the advisor says of a dump: it has tables and registers but no history, so a machine goes
   * on from it and nothing is done there. Empty if no machine can be built from the dump.
   */
  public static List<Advice> adviceOn(Snapshot evidence) {
    var laboratory = new Laboratory();
    laboratory.setAdvised(true);
    laboratory.open(evidence);
    laboratory.fork();
    laboratory.execute(new Command.Note("as it was found"));
    return laboratory.adviceAtEnd();
  }

  /** The same, and what is wrong if no command comes any more. */
  public List<Advice> adviceAtEnd() {
    return rig != null && rig.watch() instanceof Advisor advisor
        ? advisor.adviceAtEnd()
        : List.of();
  }

  /** All commands in order, those undone included. */
  public List<JournalEntry> journal() {
    return journal.entries();
  }

  /** How many of the journal's commands are in effect. */
  public int position() {
    return position;
  }

  /** Takes the latest command back; false if there is none. */
  public boolean undo() {
    return position > 0 && rewind(position - 1);
  }

  /** Carries out again what was undone last; false if nothing was. */
  public boolean redo() {
    return position < journal.size() && rewind(position + 1);
  }

  /** Goes to the state after the first {@code target} commands; false if there are fewer. */
  public boolean rewind(int target) {
    if (target < 0 || target > journal.size()) {
      return false;
    }
    if (target == position) {
      return true;
    }
    try {
      if (!forward(target)) {
        rig = replay(state(target));
      }
    } catch (Complaint e) {
      throw new IllegalStateException("a command of the past is refused now: " + e.sentence(), e);
    }
    position = target;
    snapshot++;
    return true;
  }

  /** Going forward needs no replay unless a rewind or a new machine lies on the way. */
  private boolean forward(int target) throws Complaint {
    if (target < position) {
      return false;
    }
    for (int i = position; i < target; i++) {
      Command command = journal.get(i).command();
      if (command instanceof Command.Rewind || command instanceof Command.StartMachine) {
        return false;
      }
    }
    touch(rig());
    bringForward(rig(), states.entries().subList(position, target));
    return true;
  }

  /**
   * Carries out commands of the past. Only the last that acts is traced, and the last that reached
   * the kernel if it is not far back, so that its calls can be shown again.
   */
  private static void bringForward(Rig target, List<Past> way) {
    List<Command> commands = way.stream().map(Past::command).toList();
    int acting = last(commands, 0, command -> !command.is(Trait.OBSERVES));
    int far = commands.size() - TRACED_BACK;
    int calling = last(commands, Math.max(0, far), command -> command.is(Trait.REACHES_KERNEL));
    for (int i = 0; i < commands.size(); i++) {
      Progress.report(i, commands.size());
      target.setNumber(way.get(i).number());
      if (i == acting || i == calling) {
        target.execute(commands.get(i));
      } else {
        target.replay(commands.get(i));
      }
    }
  }

  private static int last(List<Command> commands, int from, Predicate<Command> wanted) {
    for (int i = commands.size() - 1; i >= from; i--) {
      if (wanted.test(commands.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private Rig replayed(@Nullable Past state) {
    try {
      return replay(state);
    } catch (Complaint e) {
      throw new IllegalStateException("a command of the past is refused now: " + e.sentence(), e);
    }
  }

  /** Builds a state anew. */
  private Rig replay(@Nullable Past state) throws Complaint {
    List<Past> way = Past.way(state);
    Rig fresh =
        !way.isEmpty() && way.getFirst().command() instanceof Command.StartMachine start
            ? powerOn(start)
            : fresh(origin.machine());
    bringForward(fresh, way);
    return fresh;
  }

  /** Starts afresh with a preset's commands, all executed; answers what the last one did. */
  public Result load(Preset preset) {
    return load(preset.script());
  }

  /** Starts afresh with a script; stops at a refused command and answers what the last one did. */
  public Result load(Script script) {
    clear();
    Result result = Result.NOTHING;
    for (Command command : script.commands()) {
      Progress.report(position, script.commands().size());
      result = execute(command);
      if (result instanceof Result.Refused) {
        break;
      }
    }
    return result;
  }

  /** Drops the journal and everything else. */
  public void clear() {
    start(new Origin(origin.profile(), null), null);
  }

  /** Shows a dump of a real machine; it can be looked at but takes no commands. */
  public void open(Snapshot evidence) {
    start(new Origin(origin.profile(), null), evidence);
  }

  /**
   * Shows the machine that is looked at as it is now; what differs in the pages that anybody has
   * looked at counts as changed. Does nothing if something else is open by now.
   *
   * @return how many quadwords have changed
   */
  public long lookAgain(Snapshot now) {
    Snapshot before = opened;
    if (before == null || !before.source().equals(now.source())) {
      return 0;
    }
    changed = now.changesSince(before);
    opened = now;
    snapshot++;
    return changed.count();
  }

  /**
   * Goes on from the opened dump with a live machine, the dump unchanged underneath; refused if
   * none is open or the machine cannot be built.
   */
  public Result fork() {
    Snapshot evidence = opened;
    if (evidence == null) {
      return new Result.Refused(Bilingual.of("no dump is open to fork", "没有打开可以分叉的转储"));
    }
    var forked = new Origin(origin.profile(), evidence);
    try {
      Rig fresh = fresh(forked.machine());
      start(forked, null);
      rig = fresh;
      return Result.NOTHING;
    } catch (Complaint e) {
      return new Result.Refused(e.words());
    }
  }

  /** The dump that is looked at, or that lies under the machine. */
  public Optional<Snapshot> evidence() {
    return Optional.ofNullable(opened == null ? origin.evidence() : opened);
  }

  /** Tells whether a live machine goes on from a dump. */
  public boolean isForked() {
    return opened == null && origin.evidence() != null;
  }

  private void start(Origin from, @Nullable Snapshot evidence) {
    origin = from;
    opened = evidence;
    judged = null;
    judgement = List.of();
    changed = Changes.NONE;
    rig = null;
    journal.truncate(0);
    states.truncate(0);
    position = 0;
    snapshot++;
  }

  /** The commands in effect as a script that leads to the same state. */
  public Script toScript(String name) {
    return new Script(
        name, journal.entries().subList(0, position).stream().map(JournalEntry::command).toList());
  }

  /**
   * Writes the journal's commands to a file: the old file stays until the new one is complete.
   * Answers what went wrong, in one sentence.
   */
  public Optional<String> save(Path file) {
    return JournalFile.write(file, toScript(file.toString()));
  }

  /** Real programs on the kernel, as far as the commands in effect go; empty without any. */
  public Optional<Session> programs() {
    return rig == null ? Optional.empty() : rig.programs();
  }

  /**
   * Real programs on the kernel, also if there have been none; empty without a kernel. What is
   * asked of them here goes past the journal and is not taken back.
   */
  public Optional<Session> servePrograms() {
    try {
      return Optional.of(rig().servePrograms());
    } catch (Complaint e) {
      return Optional.empty();
    }
  }

  /** What can be seen now. */
  public LabView view() {
    Snapshot evidence = opened;
    if (evidence != null) {
      return new EvidenceView(evidence, changed, snapshot, advised, this::advice);
    }
    try {
      return new LiveView(
          rig(), 0, journal(), position, snapshot, Optional.ofNullable(origin.evidence()));
    } catch (Complaint e) {
      throw new IllegalStateException(e.sentence(), e);
    }
  }

  /** Calls of any command so far that did not return: a mistake of ours, for tests. */
  long unclosedCalls() {
    return rig == null ? 0 : rig.unclosedCalls();
  }

  /** What runs here itself, for tests. */
  Optional<Rig> running() {
    return Optional.ofNullable(rig);
  }

  /** Number of the present state. */
  long snapshot() {
    return snapshot;
  }
}
