package org.iommulab.lab.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.language.Trait;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineDevice;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.program.Session;
import org.iommulab.memory.Changes;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.qemu.Vmm;
import org.iommulab.trace.CallFrame;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.tables.FaultNode;
import org.jspecify.annotations.Nullable;

/**
 * Carries out commands: each is prepared, which may refuse it, and then run, which may not. Built
 * anew and brought forward by replay whenever the laboratory goes back.
 */
public final class Rig {

  private final RunState state;
  private final Machine machine;
  private final Rooms rooms;
  private final Processors processors;
  private final UsageHistory usage = new UsageHistory();

  private List<CallFrame> lastCalls = List.of();
  private List<CallFrame> recentCalls = List.of();
  private long lostCalls;
  private long unclosedCalls;
  private Map<String, Object> lastFields = Map.of();
  private Optional<WalkPath> lastPath = Optional.empty();
  private PhysicalMemory.@Nullable Checkpoint before;
  private List<Long> queueTailsBefore;
  private @Nullable CommandWatch watch;
  private int number;

  /** A machine at power-on. */
  public Rig(Machine machine) {
    this.machine = machine;
    state = new RunState(machine);
    rooms = new Rooms(state, this);
    processors = new Processors(state);
    state.setDevices(this::work);
    queueTailsBefore = queueTails();
  }

  /** Executes a command and keeps what it called, walked and changed. */
  public Result execute(Command command) {
    Prepared ready;
    try {
      ready = rooms.prepare(command);
    } catch (Complaint e) {
      return new Result.Refused(e.words());
    }
    if (command.is(Trait.OBSERVES)) {
      return ready.run();
    }
    CommandWatch watcher = watch;
    if (watcher == null) {
      return run(command, ready);
    }
    watcher.before(command);
    Result result = run(command, ready);
    watcher.after(command, result);
    return result;
  }

  /** Lets somebody look on from now on. */
  public void setWatch(CommandWatch watcher) {
    watch = watcher;
  }

  /** Who looks on, if anybody does. */
  public @Nullable CommandWatch watch() {
    return watch;
  }

  /** Number of the command that is carried out, in the journal. */
  public int number() {
    return number;
  }

  /** Says which command of the journal comes next. */
  public void setNumber(int next) {
    number = next;
  }

  /** Arguments with their expressions worked out; what is no expression stays as it is. */
  public Map<String, Object> resolved(Map<?, ?> args) {
    var resolved = new LinkedHashMap<String, Object>();
    args.forEach((name, value) -> resolved.put(String.valueOf(name), state.names().meaning(value)));
    return resolved;
  }

  private Result run(Command command, Prepared ready) {
    PhysicalMemory memory = machine.memory();
    PhysicalMemory.Checkpoint start = memory.checkpoint();
    memory.forgetBefore(start);
    before = start;
    queueTailsBefore = queueTails();
    CallTrace trace = state.trace();
    trace.setOn(true);
    machine.setTracing(true);
    Result result = carryOut(command, ready);
    trace.setOn(false);
    machine.setTracing(false);
    assert trace.open() == 0 : command.op() + " leaves " + trace.open() + " calls open";
    unclosedCalls += trace.open();
    lostCalls = trace.lost();
    lastCalls = trace.take();
    recentCalls = lastCalls.isEmpty() ? recentCalls : lastCalls;
    lastFields = result.fields();
    lastPath = command.is(Trait.MOVES_DATA) ? machine.lastPath() : Optional.empty();
    usage.note(machine, number, state.timeNs());
    return result;
  }

  /** What programs have lent is written back before the next command. */
  private Result carryOut(Command command, Prepared ready) {
    Session programs =
        command instanceof Command.Program ? null : state.programsSoFar().orElse(null);
    if (programs != null) {
      programs.beginBeside();
    }
    Result result = ready.run();
    processors.takeInterrupts();
    if (programs != null) {
      programs.endBeside();
    }
    return result;
  }

  /** Executes a command of the past again; nothing is kept but the state. */
  public void replay(Command command) {
    if (command instanceof Command.Expect) {
      return;
    }
    if (watch != null) {
      execute(command);
      return;
    }
    try {
      carryOut(command, rooms.prepare(command));
    } catch (Complaint refused) {
      // What is refused changes nothing, in the past as well.
      return;
    }
    usage.note(machine, number, state.timeNs());
  }

  /**
   * Devices do so many steps each, then the kernel takes their interrupts; true if more is left.
   */
  public boolean work(int steps) {
    boolean more = false;
    for (MachineDevice device : machine.workingDevices()) {
      more |= device.run(steps) == steps;
    }
    processors.takeInterrupts();
    return more;
  }

  private List<Long> queueTails() {
    return machine.units().stream()
        .map(unit -> unit.read(RegisterLayouts.IQT.position(), 8))
        .toList();
  }

  // ---- what can be seen -------------------------------------------------------------------------

  /** The machine. */
  public Machine machine() {
    return machine;
  }

  /** The kernel, once it was started. */
  public Optional<Kernel> kernel() {
    return state.booted();
  }

  /** Real programs on the kernel, if there have been any. */
  public Optional<Session> programs() {
    return state.programsSoFar();
  }

  /** The same, also if there have been none; refused before the kernel is started. */
  public Session servePrograms() throws Complaint {
    return state.programs();
  }

  /** The process that scripts act as, once the kernel is up. */
  public Optional<Process> process() {
    return state.running().map(Process.class::cast);
  }

  /** The VMM, once the kernel is up. */
  public Optional<Vmm> vmm() {
    return state.hypervisor();
  }

  /** Virtual time since power-on, in nanoseconds. */
  public long timeNs() {
    return state.timeNs();
  }

  /** What the units had counted after each command, from power-on to now. */
  public List<UsageSample> usage() {
    return usage.samples();
  }

  /** What the latest command called. */
  public List<CallFrame> lastCalls() {
    return lastCalls;
  }

  /** What the latest command that called anything called. */
  public List<CallFrame> recentCalls() {
    return recentCalls;
  }

  /** Calls of the latest command that were too many to keep. */
  public long lostCalls() {
    return lostCalls;
  }

  /** Calls of any command so far that did not return; there are none. */
  public long unclosedCalls() {
    return unclosedCalls;
  }

  /** Fields of the latest result. */
  public Map<String, Object> lastFields() {
    return lastFields;
  }

  /** The way of the latest command's last request. */
  public Optional<WalkPath> lastPath() {
    return lastPath;
  }

  /** Fault records of each unit that the kernel has read and cleared, oldest first. */
  public List<List<FaultNode>> handledFaults() {
    return processors.handledFaults();
  }

  /** Each unit's IQT before the latest command: what lies between it and IQT now came since. */
  public List<Long> queueTailsBefore() {
    return queueTailsBefore;
  }

  /** Quadwords of memory that the latest command changed. */
  public Changes lastChanges() {
    return before == null ? Changes.NONE : machine.memory().changesSince(before);
  }
}
