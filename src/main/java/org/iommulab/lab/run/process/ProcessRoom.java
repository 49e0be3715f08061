package org.iommulab.lab.run.process;

import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.ProcessCommand;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.Returns;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.program.Session;
import org.iommulab.linux.uapi.Errno;

/** What a process does to its memory and its files. */
public final class ProcessRoom {

  private final RunState state;
  private final FileCalls files;

  /** The room over a machine whose kernel may run a process. */
  public ProcessRoom(RunState state) {
    this.state = state;
    files = new FileCalls(state);
  }

  /** Resolves a command's arguments. */
  public Prepared prepare(ProcessCommand command) throws Complaint {
    return switch (command) {
      case Command.Open c -> files.open(c);
      case Command.Ioctl c -> files.ioctl(c);
      case Command.Close c -> files.close(c);
      case Command.Read c -> files.read(c);
      case Command.Write c -> files.write(c);
      case Command.Poll c -> files.poll(c);
      case Command.UserAlloc c -> alloc(c);
      case Command.UserFree c -> free(c);
      case Command.UserWrite c -> write(c);
      case Command.UserRead c -> read(c);
      case Command.Program c -> program(c);
    };
  }

  private Prepared alloc(Command.UserAlloc c) throws Complaint {
    MemoryOptions options = MemoryKeys.options(c.options(), state.names());
    ModelProcess process = state.process();
    return () -> {
      SyscallResult result = process.alloc(c.len(), options);
      if (result.failed()) {
        return Returns.of(result);
      }
      state.names().put(c.as(), result.ret());
      return Returns.of(SyscallResult.ok(0), Map.of("addr", Json.hex(result.ret())));
    };
  }

  private Prepared free(Command.UserFree c) throws Complaint {
    Object length = c.len();
    long bytes = length == null ? 0 : state.names().value(length);
    ModelProcess process = state.process();
    long at = state.names().value(c.at());
    return () ->
        Returns.of(
            length != null && bytes == 0
                ? SyscallResult.fail(Errno.EINVAL, "the length is 0")
                : process.free(at, bytes));
  }

  private Prepared write(Command.UserWrite c) throws Complaint {
    byte[] bytes = StructBytes.of(c.content(), state.names());
    ModelProcess process = state.process();
    long at = state.names().value(c.at());
    return () -> process.write(at, bytes) ? Result.NOTHING : fault(c.at());
  }

  private Prepared read(Command.UserRead c) throws Complaint {
    var records = new StructRecords(c.struct(), c.as(), state.names());
    int length = records.length(c.len());
    ModelProcess process = state.process();
    long at = state.names().value(c.at());
    return () -> {
      byte[] bytes = new byte[length];
      return process.read(at, bytes) ? new Result.Done(records.found(bytes)) : fault(c.at());
    };
  }

  private Prepared program(Command.Program c) throws Complaint {
    Session programs = state.programs();
    return () -> {
      try {
        return Returns.of(programs.perform(c.exchange()));
      } catch (Session.Mismatch e) {
        return new Result.Returned(-1, "EPROTO", e.getMessage(), Map.of());
      }
    };
  }

  private static Result fault(String at) {
    return Returns.of(SyscallResult.fail(Errno.EFAULT, at + " is not memory of the process"));
  }
}
