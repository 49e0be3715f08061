package org.iommulab.peer.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.peer.host.Call;
import org.iommulab.peer.host.Host;
import org.iommulab.peer.host.Starter;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;

/**
 * A program that runs on a laboratory somebody looks at: each of its requests is a command in the
 * journal. Any thread may call any method.
 */
public final class RunningProgram {

  /** Signals that a program ends by when it has a mistake, by number ({@code signal(7)}). */
  private static final String[] SIGNALS = {
    "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
    "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM"
  };

  private static final int OUTPUT_KEPT = 1 << 14;
  private static final int SIGNALLED = 128;
  private static final long KILL_EVERY_NS = 50_000_000;

  /**
   * How a program ended.
   *
   * @param code its exit code; 128 and the signal's number if a signal ended it; -1 if it could not
   *     be run, or not to its end
   * @param signal the signal's name, empty without one
   * @param problem why it could not be run to its end, one sentence; empty if it could
   */
  public record End(int code, String signal, String problem) {
    static End of(int code) {
      int signal = code - SIGNALLED;
      return new End(
          code,
          signal <= 0 ? "" : signal < SIGNALS.length ? SIGNALS[signal] : "signal " + signal,
          "");
    }
  }

  private final LabSession session;
  private final List<String> command;
  private final Gate gate = new Gate();
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private final StringBuilder output = new StringBuilder();
  private volatile @Nullable Starter starter;
  private volatile boolean killed;

  private RunningProgram(LabSession session, List<String> command) {
    this.session = session;
    this.command = List.copyOf(command);
  }

  /**
   * Starts a program on a laboratory whose kernel has booted. What hinders it is told by {@link
   * #end}.
   *
   * @param record where every request is written as well; null for nowhere
   * @param stops at which calls it is to stop
   */
  public static RunningProgram start(
      LabSession session,
      List<String> command,
      @Nullable Path record,
      boolean closed,
      List<CallMatch> stops) {
    var program = new RunningProgram(session, command);
    program.gate.setStops(stops);
    if (closed) {
      program.gate.pause();
    }
    Thread.ofPlatform().name("program").daemon().start(() -> program.run(record));
    return program;
  }

  private void run(@Nullable Path record) {
    End how = new End(-1, "", "");
    try (Writer writer = record == null ? null : RecordReplay.writer(record)) {
      how = End.of(serve(writer));
    } catch (IOException | UncheckedIOException e) {
      how = new End(-1, "", "the record cannot be written: " + WhyNot.written(e));
    } catch (ProgramRun.Failure | Carrier.Lost e) {
      how = new End(-1, "", String.valueOf(e.getMessage()));
    } catch (RejectedExecutionException e) {
      how = new End(-1, "", "the laboratory was closed");
    }
    if (how.code() < 0) {
      kill();
    }
    end.complete(how);
  }

  private int serve(@Nullable Writer writer) throws ProgramRun.Failure {
    Laboratory laboratory = onOwner(lab -> lab);
    if (writer != null) {
      onOwner(lab -> head(lab, writer));
    }
    Carrier carrier = Carrier.journaled(laboratory, writer);
    String why = onOwner(RunningProgram::whyNot);
    if (!why.isEmpty()) {
      throw new ProgramRun.Failure(why);
    }
    Starter started = ProgramRun.start(command, Starter.Output.HERE);
    starter = started;
    Thread.ofPlatform().name("program's output").daemon().start(() -> readFrom(started.output()));
    try (var _ = new EndWithUs(started, gate::goOn)) {
      return ProgramRun.serve(started, carrier, this::onLaboratory, gate, code -> {});
    }
  }

  private static String whyNot(Laboratory laboratory) {
    try {
      ProgramRun.check(laboratory);
      return "";
    } catch (ProgramRun.Failure e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** A record begins with what led to where the program meets the laboratory. */
  private static boolean head(Laboratory laboratory, Writer writer) {
    try {
      writer.write(RecordReplay.HEAD + "\n");
      for (Command one : laboratory.toScript("record").commands()) {
        writer.write(one.toJson() + "\n");
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private <T> T onOwner(java.util.function.Function<Laboratory, T> work) {
    try {
      return session.change(work).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private void onLaboratory(Runnable work) {
    onOwner(
        laboratory -> {
          work.run();
          return true;
        });
  }

  private void readFrom(int pipe) {
    var host = new Host();
    while (true) {
      long got = host.call(Call.READ, pipe, host.page().address(), 4096);
      if (got <= 0) {
        host.close(pipe);
        return;
      }
      byte[] bytes = host.page().asSlice(0, got).toArray(ValueLayout.JAVA_BYTE);
      synchronized (output) {
        output.append(new String(bytes, StandardCharsets.UTF_8));
        output.delete(0, Math.max(0, output.length() - OUTPUT_KEPT));
      }
    }
  }

  // ---- what can be asked and done
  // ----------------------------------------------------------------

  /** The program and its arguments. */
  public List<String> command() {
    return command;
  }

  /** Where its calls pass or wait. */
  public Gate gate() {
    return gate;
  }

  /** How it ended, once it has. */
  public CompletableFuture<End> end() {
    return end;
  }

  /** The last of what it has put out. */
  public String output() {
    synchronized (output) {
      return output.toString();
    }
  }

  /** Whether somebody has ended it on purpose. */
  public boolean wasKilled() {
    return killed;
  }

  /** Ends it and all that it has started, be it still about to start. */
  public void stop() {
    if (!killed) {
      killed = true;
      Thread.ofPlatform().name("program's end").daemon().start(this::killUntilGone);
    }
  }

  private void killUntilGone() {
    while (!end.isDone()) {
      kill();
      LockSupport.parkNanos(KILL_EVERY_NS);
    }
  }

  private void kill() {
    Starter started = starter;
    if (started != null) {
      started.end(true);
    }
    gate.goOn();
  }
}
