package org.iommulab.peer.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.iommulab.bus.PciDevice;
import org.iommulab.lab.LabView;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.machine.MachineView;
import org.iommulab.linux.program.Request;
import org.iommulab.linux.program.Session;
import org.iommulab.linux.program.World;
import org.iommulab.peer.host.Starter;
import org.iommulab.progress.ScratchFolder;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;

/** A real program in a laboratory: what it opens below {@code /dev} is our kernel's. */
public final class ProgramRun {

  private ProgramRun() {}

  /** Why a program could not be run, in one sentence. */
  public static final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    Failure(String sentence) {
      super(sentence);
    }
  }

  /**
   * Runs a program to its end.
   *
   * @param laboratory a machine with a kernel that has booted
   * @param command the program and its arguments
   * @param record where every request is written as a line of a script, with what was learned from
   *     outside; null for nowhere
   * @return its exit code; 128 and the signal's number if a signal ended it
   */
  public static int run(Laboratory laboratory, List<String> command, @Nullable Writer record)
      throws Failure {
    check(laboratory);
    Session session = laboratory.servePrograms().orElseThrow();
    Starter starter = start(command, Starter.Output.SAME);
    starter.leaveInterrupts();
    try (var _ = new EndWithUs(starter, () -> {})) {
      Carrier carrier = Carrier.direct(laboratory, session, record);
      return serve(
          starter,
          carrier,
          Runnable::run,
          new Gate(),
          code -> {
            starter.takeInterruptsBack();
            System.err.printf(
                Locale.ROOT,
                "iommu-lab: the program has ended with %d; waiting for what it has started: %s;"
                    + " Ctrl+C ends that%n",
                code,
                String.join(", ", starter.left()));
          });
    } finally {
      starter.takeInterruptsBack();
    }
  }

  /** Fails if there is no kernel that a program can meet. */
  static void check(Laboratory laboratory) throws Failure {
    LabView view = laboratory.view();
    if (view.machine().isEmpty()) {
      throw new Failure("there is no machine");
    }
    if (view.kernel().isEmpty()) {
      throw new Failure("no kernel runs on this machine; boot one with linux.boot");
    }
  }

  /** Begins to start a program. */
  static Starter start(List<String> command, Starter.Output output) throws Failure {
    try {
      return Starter.start(command, output);
    } catch (Starter.Failure e) {
      throw new Failure(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Serves a program to its end.
   *
   * @param owner runs something on the thread that owns the laboratory, and waits for its end
   * @param whenOthersRemain told the exit code of the first process if others run on for a while
   */
  static int serve(
      Starter starter,
      Carrier carrier,
      Consumer<Runnable> owner,
      Gate gate,
      IntConsumer whenOthersRemain)
      throws Failure {
    try (ScratchFolder folder = ScratchFolder.make("exec")) {
      Path made = folder.path();
      var trees = new ArrayList<SysTree>();
      owner.accept(() -> trees.add(prepare(carrier, made)));
      return onItsOwnThread(
          new Supervisor(starter, carrier, trees.getFirst(), owner, gate, whenOthersRemain));
    } catch (Starter.Failure e) {
      throw new Failure(String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      throw new Failure(
          "the record or a file that the program is to see cannot be written: "
              + WhyNot.written(e));
    }
  }

  /** Whoever follows threads of a program takes the ends of all children that this thread has. */
  private static int onItsOwnThread(Supervisor supervisor) throws Starter.Failure {
    var run = new FutureTask<>(supervisor::run);
    Thread.ofPlatform().name("program supervisor").start(run);
    while (true) {
      try {
        return run.get();
      } catch (InterruptedException e) {
        // A program ends when it ends; its processes cannot be left half served.
        continue;
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case Starter.Failure failure -> throw failure;
          case RuntimeException mistake -> throw mistake;
          case Error mistake -> throw mistake;
          case null, default -> throw new IllegalStateException(e);
        }
      }
    }
  }

  /** Every device that no driver has goes to vfio-pci. */
  private static SysTree prepare(Carrier carrier, Path folder) {
    MachineView machine = carrier.view().machine().orElseThrow();
    for (PciDevice device : machine.devices()) {
      if (device.kind().isPci()) {
        boolean whole = device.physicalFunction().isEmpty();
        carrier.perform(new Request.Assign(SysTree.address(device), whole), World.NOWHERE);
      }
    }
    try {
      return new SysTree(folder, carrier::view);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
