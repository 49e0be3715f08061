package org.iommulab.lab.run.process;

import java.util.ArrayList;
import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.Returns;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.lab.run.state.Scratch;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.UapiStruct;

/** System calls on files. */
final class FileCalls {

  private final RunState state;

  FileCalls(RunState state) {
    this.state = state;
  }

  private int descriptor(String word) throws Complaint {
    return (int) state.names().value(word);
  }

  Prepared open(Command.Open c) throws Complaint {
    ModelProcess process = state.process();
    return () -> {
      SyscallResult result = process.open(c.path());
      if (!result.failed()) {
        state.names().put(c.as(), result.ret());
      }
      return Returns.of(result);
    };
  }

  Prepared close(Command.Close c) throws Complaint {
    ModelProcess process = state.process();
    int fd = descriptor(c.fd());
    return () -> Returns.of(process.close(fd));
  }

  Prepared ioctl(Command.Ioctl c) throws Complaint {
    ModelProcess process = state.process();
    UapiStruct command = IoctlArgument.command(c.cmd());
    IoctlArgument argument = IoctlArgument.of(c, command, state.names());
    int fd = descriptor(c.fd());
    byte[] bytes = argument.bytes();
    Scratch.check(bytes.length);
    return () -> {
      long address = bytes.length == 0 ? 0 : state.scratch().place(process, bytes);
      if (address < 0) {
        return Returns.of(Scratch.NO_ROOM);
      }
      SyscallResult result = process.ioctl(fd, command.number(), argument.value(address));
      byte[] after = bytes.clone();
      if (bytes.length > 0) {
        process.read(address, after);
      }
      String as = c.as();
      if (as != null && !result.failed()) {
        state.names().put(as, result.ret());
        argument
            .numbers(after)
            .forEach((field, value) -> state.names().put(as + "." + field, value));
      }
      return Returns.of(result, argument.output(after, result.failed()));
    };
  }

  Prepared read(Command.Read c) throws Complaint {
    ModelProcess process = state.process();
    var records = new StructRecords(c.struct(), c.as(), state.names());
    int wanted = records.length(c.len());
    int fd = descriptor(c.fd());
    Scratch.check(wanted);
    return () -> {
      long buffer = state.scratch().room(process);
      if (buffer < 0) {
        return Returns.of(Scratch.NO_ROOM);
      }
      SyscallResult result = process.readFile(fd, buffer, wanted);
      String as = c.as();
      if (as != null && !result.failed()) {
        state.names().put(as, result.ret());
      }
      byte[] bytes = new byte[(int) Math.max(0, result.ret())];
      process.read(buffer, bytes);
      boolean empty = result.failed() || bytes.length == 0;
      return Returns.of(result, empty ? Map.of() : records.found(bytes));
    };
  }

  Prepared write(Command.Write c) throws Complaint {
    ModelProcess process = state.process();
    byte[] bytes = StructBytes.of(c.content(), state.names());
    int fd = descriptor(c.fd());
    Scratch.check(bytes.length);
    return () -> {
      long buffer = state.scratch().place(process, bytes);
      return Returns.of(buffer < 0 ? Scratch.NO_ROOM : process.writeFile(fd, buffer, bytes.length));
    };
  }

  Prepared poll(Command.Poll c) throws Complaint {
    ModelProcess process = state.process();
    int fd = descriptor(c.fd());
    return () -> {
      SyscallResult result = process.poll(fd);
      if (result.failed()) {
        return Returns.of(result);
      }
      var events = new ArrayList<String>();
      if ((result.ret() & OpenFile.POLLIN) != 0) {
        events.add("POLLIN");
      }
      if ((result.ret() & OpenFile.POLLOUT) != 0) {
        events.add("POLLOUT");
      }
      return Returns.of(SyscallResult.ok(events.isEmpty() ? 0 : 1), Map.of("revents", events));
    };
  }
}
