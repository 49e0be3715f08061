package org.iommulab.lab.run.state;

import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.machine.Machine;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.program.Session;
import org.iommulab.qemu.Vmm;
import org.iommulab.trace.CallTrace;
import org.jspecify.annotations.Nullable;

/** All state that commands change: the machine, the kernel and VMM that run on it, names, time. */
public final class RunState {

  private final Machine machine;
  private final CallTrace trace = new CallTrace();
  private final Names names = new Names();
  private final Scratch scratch = new Scratch();
  private @Nullable Kernel kernel;
  private @Nullable ModelProcess process;
  private @Nullable Vmm vmm;
  private @Nullable Session programs;
  private IntPredicate devices = steps -> false;
  private long timeNs;

  /** A machine at power-on. */
  public RunState(Machine machine) {
    this.machine = machine;
  }

  /** The machine. */
  public Machine machine() {
    return machine;
  }

  /** What kernel and VMM call. */
  public CallTrace trace() {
    return trace;
  }

  /** What earlier lines have given names to. */
  public Names names() {
    return names;
  }

  /** The process' memory for arguments. */
  public Scratch scratch() {
    return scratch;
  }

  /** Virtual time since power-on, in nanoseconds. */
  public long timeNs() {
    return timeNs;
  }

  /** Lets virtual time pass. */
  public void elapse(long ns) {
    timeNs += ns;
  }

  // ---- kernel and process -----------------------------------------------------------------------

  /** The kernel, once it was started. */
  public Optional<Kernel> booted() {
    return Optional.ofNullable(kernel);
  }

  /** The process that scripts act as, once the kernel is up. */
  public Optional<ModelProcess> running() {
    return Optional.ofNullable(process);
  }

  /** The VMM, which is the same process, once the kernel is up. */
  public Optional<Vmm> hypervisor() {
    return Optional.ofNullable(vmm);
  }

  /** A kernel was started. */
  public void start(Kernel started) {
    kernel = started;
    programs = null;
  }

  /** The kernel is up and runs its process. */
  public void start(ModelProcess first) {
    process = first;
    vmm = new Vmm(first, trace);
  }

  /** The kernel; refused before it is started. */
  public Kernel kernel() throws Complaint {
    return known(kernel);
  }

  /** The process; refused before the kernel is up. */
  public ModelProcess process() throws Complaint {
    known(kernel);
    if (process == null) {
      throw new Complaint(
          "the boot has not come to its end, so no process runs yet; \"call\" do_initcalls",
          "启动尚未完成，还没有进程运行；请用 \"call\" 调用 do_initcalls");
    }
    return process;
  }

  /** The VMM; refused before the kernel is up. */
  public Vmm vmm() throws Complaint {
    process();
    return Objects.requireNonNull(vmm);
  }

  /** Who lets devices do so many steps while a real program drives them; true: there is more. */
  public void setDevices(IntPredicate work) {
    devices = work;
  }

  /** Real programs on the kernel; refused before it is started. */
  public Session programs() throws Complaint {
    Session running = programs;
    if (running == null) {
      running = new Session(kernel(), devices);
      programs = running;
    }
    return running;
  }

  /** Real programs on the kernel, if there have been any. */
  public Optional<Session> programsSoFar() {
    return Optional.ofNullable(programs);
  }

  private static <T> T known(@Nullable T running) throws Complaint {
    if (running == null) {
      throw new Complaint(
          "no kernel is running; boot one with \"linux.boot\" first",
          "没有内核在运行；请先用 \"linux.boot\" 启动内核");
    }
    return running;
  }

  // ---- devices ----------------------------------------------------------------------------------

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
        "this machine has no device %s; it has %s",
        "这台机器没有设备 %s；现有 %s", word, String.join(", ", known));
  }
}
