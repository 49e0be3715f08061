package org.iommulab.lab.rig;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.DeviceCommand;
import org.iommulab.lab.script.DriverCommand;
import org.iommulab.lab.script.Result;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.qemu.Vmm;
import org.iommulab.trace.CallFrame;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.request.WalkPath;
import org.iommulab.vtd.tables.FaultNode;
import org.jspecify.annotations.Nullable;

/**
 * All state that commands change: the machine, the kernel and VMM that run on it, names, time.
 * Built anew and brought forward by replay whenever the laboratory goes back.
 */
public final class Rig {

  public final Machine machine;
  public final CallTrace trace = new CallTrace();
  public final Names names = new Names();
  final Scratch scratch = new Scratch();
  public @Nullable Kernel kernel;
  public @Nullable ModelProcess process;
  public @Nullable Vmm vmm;
  public long timeNs;

  private final HardwareOperations hardware = new HardwareOperations(this);
  private final DeviceOperations devices = new DeviceOperations(this);
  private final DriverOperations drivers = new DriverOperations(this);
  private final KernelOperations software = new KernelOperations(this);
  private final ProcessOperations actions = new ProcessOperations(this);
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

  public Rig(Machine machine) {
    this.machine = machine;
    processors = new Processors(this);
    queueTailsBefore = queueTails();
  }

  /** Executes a command and keeps what it called, walked and changed. */
  public Result execute(Command command) {
    if (command.isObservation()) {
      return perform(command);
    }
    PhysicalMemory memory = machine.memory();
    PhysicalMemory.Checkpoint start = memory.checkpoint();
    List<Long> tails = queueTails();
    trace.setOn(true);
    machine.setTracing(true);
    Result result = perform(command);
    processors.takeInterrupts();
    trace.setOn(false);
    machine.setTracing(false);
    assert trace.open() == 0 : command.op() + " leaves " + trace.open() + " calls open";
    unclosedCalls += trace.open();
    long lost = trace.lost();
    List<CallFrame> calls = trace.take();
    usage.note(machine, timeNs);
    if (!(result instanceof Result.Refused)) {
      memory.forgetBefore(start);
      before = start;
      queueTailsBefore = tails;
      lostCalls = lost;
      lastCalls = calls;
      recentCalls = calls.isEmpty() ? recentCalls : calls;
      lastFields = result.fields();
      boolean moves = command.movesData();
      lastPath = moves ? machine.lastPath() : Optional.empty();
    }
    return result;
  }

  /** Executes a command of the past again; nothing is kept but the state. */
  public void replay(Command command) {
    if (!(command instanceof Command.Expect)) {
      perform(command);
      processors.takeInterrupts();
      usage.note(machine, timeNs);
    }
  }

  private Result perform(Command command) {
    try {
      return switch (command) {
        case Command.StartMachine c -> hardware.describe();
        case Command.MemWrite c -> hardware.memWrite(c);
        case Command.MemFill c -> hardware.memFill(c);
        case Command.MemFlush c -> hardware.memFlush(c);
        case Command.MemRead c -> hardware.memRead(c);
        case Command.RegWrite c -> hardware.regWrite(c);
        case Command.RegRead c -> hardware.regRead(c);
        case Command.DmaWrite c -> hardware.dmaWrite(c);
        case Command.DmaRead c -> hardware.dmaRead(c);
        case DeviceCommand c -> devices.perform(c);
        case DriverCommand c -> drivers.perform(c);
        case Command.Msi c -> hardware.msi(c);
        case Command.IrqRead c -> hardware.irqRead();
        case Command.Reset c -> hardware.reset();
        case Command.LinuxBoot c -> software.boot(c);
        case Command.Open c -> software.open(c);
        case Command.Ioctl c -> software.ioctl(c);
        case Command.Close c -> software.close(c);
        case Command.UserAlloc c -> actions.alloc(c);
        case Command.UserFree c -> actions.free(c);
        case Command.UserWrite c -> actions.write(c);
        case Command.UserRead c -> actions.read(c);
        case Command.Read c -> actions.read(c);
        case Command.Write c -> actions.write(c);
        case Command.Poll c -> actions.poll(c);
        case Command.FailNth c -> actions.failNth(c);
        case Command.Let c -> actions.let(c);
        case Command.Call c -> software.call(c);
        case Command.ClockAdvance c -> software.advance(c);
        case Command.Checkpoint c -> Result.NOTHING;
        case Command.Rewind c -> throw new Complaint("only the laboratory can go back");
        case Command.Expect c -> Expectation.check(c, this);
        case Command.Answer c -> Result.NOTHING;
        case Command.Hint c -> Result.NOTHING;
        case Command.Note c -> Result.NOTHING;
      };
    } catch (Complaint e) {
      return new Result.Refused(e.sentence());
    }
  }

  /** The running kernel. */
  Kernel kernel() throws Complaint {
    Kernel running = kernel;
    if (running == null) {
      throw new Complaint("no kernel is running; boot one with \"linux.boot\" first");
    }
    return running;
  }

  /** The process that scripts act as. */
  ModelProcess process() throws Complaint {
    kernel();
    return Objects.requireNonNull(process);
  }

  /** The requester with that id or name. */
  public SourceId device(String word) throws Complaint {
    for (var device : machine.devices()) {
      if (device.name().equals(word)) {
        return device.source();
      }
    }
    Optional<SourceId> id = SourceId.parse(word);
    for (var device : machine.devices()) {
      boolean itself = id.isPresent() && device.source().equals(id.get());
      if (itself || (id.isPresent() && device.abilities().phantoms().contains(id.get()))) {
        return id.get();
      }
    }
    var known =
        machine.devices().stream()
            .map(
                device ->
                    device.name().equals(device.source().toString())
                        ? device.name()
                        : device.name() + " (" + device.source() + ")")
            .toList();
    throw new Complaint(
        "this machine has no device " + word + "; it has " + String.join(", ", known));
  }

  private List<Long> queueTails() {
    return machine.units().stream()
        .map(unit -> unit.read(RegisterLayouts.IQT.position(), 8))
        .toList();
  }

  public List<UsageSample> usage() {
    return usage.samples();
  }

  public List<CallFrame> lastCalls() {
    return lastCalls;
  }

  public List<CallFrame> recentCalls() {
    return recentCalls;
  }

  public long lostCalls() {
    return lostCalls;
  }

  /** Calls of any command so far that did not return; there are none. */
  public long unclosedCalls() {
    return unclosedCalls;
  }

  public Map<String, Object> lastFields() {
    return lastFields;
  }

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

  public List<PhysicalMemory.Change> lastChanges() {
    return before == null ? List.of() : machine.memory().changesSince(before);
  }
}
