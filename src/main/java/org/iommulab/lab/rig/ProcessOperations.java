package org.iommulab.lab.rig;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.script.Bytes;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Json;
import org.iommulab.lab.script.Result;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.ModelProcess;
import org.iommulab.linux.process.OpenFile;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.jspecify.annotations.Nullable;

/** What a process does to its memory and its files. */
final class ProcessOperations {

  private final Rig rig;

  ProcessOperations(Rig rig) {
    this.rig = rig;
  }

  private int descriptor(String word) throws Complaint {
    return (int) rig.names.value(word);
  }

  // ---- memory -----------------------------------------------------------------------------------

  Result alloc(Command.UserAlloc c) throws Complaint {
    MemoryOptions options = UserMemory.options(c.options(), rig.names);
    SyscallResult result = rig.process().alloc(c.len(), options);
    if (result.failed()) {
      return KernelOperations.returned(result, Map.of());
    }
    rig.names.put(c.as(), result.ret());
    return KernelOperations.returned(SyscallResult.ok(0), Map.of("addr", Json.hex(result.ret())));
  }

  Result free(Command.UserFree c) throws Complaint {
    Object length = c.len();
    long bytes = length == null ? 0 : rig.names.value(length);
    SyscallResult result =
        length != null && bytes == 0
            ? SyscallResult.fail(Errno.EINVAL, "the length is 0")
            : rig.process().free(rig.names.value(c.at()), bytes);
    return KernelOperations.returned(result, Map.of());
  }

  Result write(Command.UserWrite c) throws Complaint {
    byte[] bytes = StructBytes.of(c.content(), rig.names);
    boolean written = rig.process().write(rig.names.value(c.at()), bytes);
    return written ? Result.NOTHING : fault(c.at());
  }

  Result read(Command.UserRead c) throws Complaint {
    byte[] bytes = new byte[length(c.len(), c.struct())];
    if (!rig.process().read(rig.names.value(c.at()), bytes)) {
      return fault(c.at());
    }
    return new Result.Done(found(bytes, bytes.length, c.struct(), c.as()));
  }

  private static Result fault(String at) {
    return KernelOperations.returned(
        SyscallResult.fail(Errno.EFAULT, at + " is not memory of the process"), Map.of());
  }

  private static int length(@Nullable Integer given, List<String> structs) throws Complaint {
    int sum = 0;
    for (String struct : structs) {
      sum += StructBytes.named(struct).size();
    }
    return given != null ? given : sum;
  }

  /** What bytes that were read say: themselves, or the fields of the structures in them. */
  private Map<String, Object> found(
      byte[] bytes, int length, List<String> structs, @Nullable String as) throws Complaint {
    if (structs.isEmpty()) {
      return Map.of("hex", Bytes.of(bytes).hex());
    }
    List<Map<String, Long>> records = StructBytes.read(structs, bytes, length);
    for (int i = 0; as != null && i < Math.min(structs.size(), records.size()); i++) {
      records.get(i).forEach((field, value) -> rig.names.put(as + "." + field, value));
    }
    var shown = new ArrayList<Map<String, Object>>();
    for (Map<String, Long> record : records) {
      var fields = new LinkedHashMap<String, Object>();
      record.forEach(
          (field, value) -> {
            if (!field.startsWith("__")) {
              fields.put(field, value);
            }
          });
      shown.add(fields);
    }
    return Map.of("records", shown);
  }

  // ---- files ------------------------------------------------------------------------------------

  Result read(Command.Read c) throws Complaint {
    ModelProcess process = rig.process();
    int wanted = length(c.len(), c.struct());
    int fd = descriptor(c.fd());
    Scratch.check(wanted);
    long buffer = rig.scratch.room(process);
    if (buffer < 0) {
      return KernelOperations.returned(Scratch.NO_ROOM, Map.of());
    }
    SyscallResult result = process.readFile(fd, buffer, wanted);
    String as = c.as();
    if (as != null && !result.failed()) {
      rig.names.put(as, result.ret());
    }
    byte[] bytes = new byte[(int) Math.max(0, result.ret())];
    process.read(buffer, bytes);
    boolean empty = result.failed() || bytes.length == 0;
    return KernelOperations.returned(
        result, empty ? Map.of() : found(bytes, bytes.length, c.struct(), as));
  }

  Result write(Command.Write c) throws Complaint {
    ModelProcess process = rig.process();
    byte[] bytes = StructBytes.of(c.content(), rig.names);
    int fd = descriptor(c.fd());
    Scratch.check(bytes.length);
    long buffer = rig.scratch.place(process, bytes);
    SyscallResult result =
        buffer < 0 ? Scratch.NO_ROOM : process.writeFile(fd, buffer, bytes.length);
    return KernelOperations.returned(result, Map.of());
  }

  Result poll(Command.Poll c) throws Complaint {
    SyscallResult result = rig.process().poll(descriptor(c.fd()));
    if (result.failed()) {
      return KernelOperations.returned(result, Map.of());
    }
    var events = new ArrayList<String>();
    if ((result.ret() & OpenFile.POLLIN) != 0) {
      events.add("POLLIN");
    }
    if ((result.ret() & OpenFile.POLLOUT) != 0) {
      events.add("POLLOUT");
    }
    return KernelOperations.returned(
        SyscallResult.ok(events.isEmpty() ? 0 : 1), Map.of("revents", events));
  }

  // ---- names and failures -----------------------------------------------------------------------

  Result let(Command.Let c) throws Complaint {
    rig.names.put(c.as(), rig.names.value(c.value()));
    return Result.NOTHING;
  }

  Result failNth(Command.FailNth c) throws Complaint {
    var failures = rig.kernel().failures();
    var fields = new LinkedHashMap<String, Object>();
    // What became of the last one, as reading the file tells.
    fields.put("remaining", failures.remaining());
    String site = failures.lastSite();
    if (site != null) {
      fields.put("failed", site);
    }
    failures.failNth(Math.max(0, rig.names.value(c.n())));
    return KernelOperations.returned(SyscallResult.ok(0), fields);
  }
}
