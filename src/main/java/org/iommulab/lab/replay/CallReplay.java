package org.iommulab.lab.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Script;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * Carries a call log out in a laboratory and compares every call.
 *
 * <p>What a log says is believed: descriptors, memory, the bytes behind a structure, the unit's
 * registers. Old logs are no scripts: they name no descriptor for an ioctl, do not tell which files
 * the program closed, and show memory only as addresses. So the replay takes the first way on which
 * a call ends as logged: the file of the right kind that was used last, then the others, then the
 * same with files closed before. Ways that end otherwise are taken back. If none fits, the first
 * one counts, and the call is reported as different.
 */
public final class CallReplay {

  private static final int ROOM_READ = 4096;

  /** A descriptor that no file has. */
  private static final String NOT_OPEN = "9999";

  private final CallLog log;
  private final LogMemory memory;
  private final boolean believesDescriptors;
  private final Laboratory laboratory = new Laboratory();
  private final List<ReplayedCall> calls = new ArrayList<>();
  private final Map<String, Integer> positions = new LinkedHashMap<>();
  private LogFiles files = new LogFiles();
  private int opened;
  private String lastRead = "00".repeat(64);

  private CallReplay(CallLog log) {
    this.log = log;
    this.memory = LogMemory.of(log);
    this.believesDescriptors = log.namesDescriptors();
  }

  /**
   * Replays a log; a machine that cannot be built as the log wants it is the only thing that stops
   * it.
   *
   * @param scalable the unit and the kernel use scalable mode, which no log tells
   */
  public static Reading<CallReplay> of(CallLog log, boolean scalable) {
    var replay = new CallReplay(log);
    List<Command> start = new ArrayList<>(LogMachine.of(log, scalable));
    start.add(new Command.Call("capset", Map.of("cap", "CAP_IPC_LOCK", "granted", true), null));
    start.add(LogCommands.room());
    for (Command command : start) {
      if (replay.laboratory.execute(command) instanceof Result.Refused(Bilingual sentence)) {
        return new Reading.Bad<>(
            String.format(
                Locale.ROOT,
                "%s: the machine of this log cannot be built here: %s",
                log.name(),
                sentence));
      }
    }
    replay.memory.allocations().forEach(replay.laboratory::execute);
    int last = log.calls().isEmpty() ? 0 : log.calls().getLast().n();
    for (CallLog.Entry entry : log.entries()) {
      LoggedCall call = entry.call();
      if (call == null && entry.n() > last) {
        // No call follows: the program is gone, and with it every file.
        List.copyOf(replay.files.all()).forEach(replay::close);
      }
      if (call != null) {
        replay.memory.before(call.n()).forEach(replay.laboratory::execute);
        replay.calls.add(replay.run(call));
      } else {
        String mark = String.valueOf(entry.snapshot());
        replay.laboratory.execute(new Command.Checkpoint(mark));
        replay.positions.put(mark, replay.laboratory.position());
      }
    }
    return new Reading.Good<>(replay);
  }

  /** Every call with what came of it. */
  public List<ReplayedCall> calls() {
    return List.copyOf(calls);
  }

  /** The same as a script that anyone can run. */
  public Script script() {
    return laboratory.toScript(log.name());
  }

  /** Names of the snapshots the log marks, in order. */
  public Set<String> snapshots() {
    return new LinkedHashSet<>(positions.keySet());
  }

  List<CallLog.Device> devices() {
    return log.devices();
  }

  /** The laboratory as it was when the log marked a snapshot. */
  public Laboratory at(String snapshot) {
    Integer position = positions.get(snapshot);
    if (position == null) {
      throw new IllegalArgumentException("the log marks no snapshot " + snapshot);
    }
    laboratory.rewind(position);
    return laboratory;
  }

  // ---- one call ---------------------------------------------------------------------------------

  private ReplayedCall run(LoggedCall call) {
    return switch (call.call()) {
      case "open" -> search(call, List.of(""));
      case "DEVICE_DMA" -> dma(call);
      case "CHECK_MEMORY" -> ReplayedCall.skipped(call, "the log does not say what was there");
      case "sysfs_write", "setrlimit", "capset", "memfd_create" -> search(call, List.of(""));
      case "mmap", "munmap", "madvise", "ftruncate" -> memory(call);
      case "close" -> closed(call);
      default -> {
        List<String> names = targets(call);
        yield names.isEmpty()
            ? ReplayedCall.skipped(call, "no file that is open here answers it")
            : search(call, names);
      }
    };
  }

  private ReplayedCall memory(LoggedCall call) {
    if (call.failed()) {
      return ReplayedCall.skipped(call, "it failed there, so it changed nothing");
    }
    Result last = Result.NOTHING;
    for (Command command : LogMmap.commands(call, files)) {
      last = laboratory.execute(command);
    }
    if (last instanceof Result.Refused(Bilingual sentence)) {
      return ReplayedCall.different(call, sentence.english());
    }
    boolean fails = last instanceof Result.Returned returned && returned.errno() != null;
    return fails && !call.call().equals("munmap")
        ? ReplayedCall.different(call, "it fails here: " + last.fields().get("cause"))
        : ReplayedCall.same(call);
  }

  private ReplayedCall closed(LoggedCall call) {
    LogFiles.Open file = files.numbered(call.fd() != null ? call.fd() : call.number("fd"));
    if (file != null) {
      close(file);
    }
    return (file != null) == !call.failed()
        ? ReplayedCall.same(call)
        : ReplayedCall.different(call, file == null ? "it is not open here" : "it is open here");
  }

  private List<String> targets(LoggedCall call) {
    if (call.fd() != null) {
      LogFiles.Open told = files.numbered(call.fd());
      return told != null
          ? List.of(told.name())
          : call.errno().equals("EBADF") ? List.of(NOT_OPEN) : List.of();
    }
    if (call.has("group")) {
      LogFiles.Open group = files.at("/dev/vfio/" + call.number("group"));
      if (group != null) {
        return List.of(group.name());
      }
    }
    return files.candidates(call.call()).stream().map(LogFiles.Open::name).toList();
  }

  /** Tries the ways a call may have gone, likeliest first. */
  private ReplayedCall search(LoggedCall call, List<String> targets) {
    String first = null;
    for (List<LogFiles.Open> closing : closings(call.failed())) {
      for (String target : targets) {
        int before = laboratory.position();
        LogFiles kept = files.copy();
        String difference = attempt(call, target, closing);
        if (difference == null) {
          return ReplayedCall.same(call);
        }
        first = first == null ? difference : first;
        laboratory.rewind(before);
        files = kept;
      }
    }
    attempt(call, targets.getFirst(), List.of());
    return ReplayedCall.different(call, String.valueOf(first));
  }

  /**
   * What the program may have closed since the call before: nothing, devices, or more. That a call
   * fails because its own file was closed is no explanation.
   */
  private List<List<LogFiles.Open>> closings(boolean failed) {
    var ways = new ArrayList<List<LogFiles.Open>>();
    ways.add(List.of());
    if (believesDescriptors) {
      return ways;
    }
    List<LogFiles.Open> devices = files.of(LogFiles.Kind.DEVICE);
    devices.forEach(device -> ways.add(List.of(device)));
    ways.add(devices);
    if (failed) {
      return ways.stream().distinct().toList();
    }
    files.of(LogFiles.Kind.GROUP).forEach(group -> ways.add(List.of(group)));
    var groups = new ArrayList<>(devices);
    groups.addAll(files.of(LogFiles.Kind.GROUP));
    ways.add(groups);
    ways.add(files.all());
    return ways.stream().distinct().toList();
  }

  /** Goes one way; null if the call ends as logged. */
  private @Nullable String attempt(LoggedCall call, String target, List<LogFiles.Open> closing) {
    for (LogFiles.Open file : closing) {
      close(file);
    }
    if (!target.isEmpty() && !target.equals(NOT_OPEN)) {
      LogFiles.Open used = find(target);
      if (used == null) {
        return "the file is closed";
      }
      files.touch(used);
    }
    LogCommands.prepare(call).forEach(laboratory::execute);
    if (call.call().equals("VFIO_IOMMU_GET_INFO")) {
      laboratory.execute(LogCommands.infoArgument(call));
    }
    String name = "f" + opened;
    Command command = command(call, target, name);
    if (command == null) {
      return "no command of that name is known here";
    }
    Result result = laboratory.execute(command);
    if (!(result instanceof Result.Returned returned)) {
      return result instanceof Result.Refused(Bilingual sentence)
          ? sentence.english()
          : "no result";
    }
    byte[] room = LogComparison.bytes(laboratory.execute(reading()));
    String difference = LogComparison.difference(call, returned, room);
    if (difference == null && returned.errno() == null) {
      remember(call, name);
    }
    return difference;
  }

  private LogFiles.@Nullable Open find(String name) {
    return files.all().stream().filter(file -> file.name().equals(name)).findFirst().orElse(null);
  }

  private static Command reading() {
    return new Command.UserRead("room", ROOM_READ, List.of(), null);
  }

  private @Nullable Command command(LoggedCall call, String target, String name) {
    return switch (call.call()) {
      case "open" -> {
        LogFiles.Open old = files.numbered(call.ret());
        if (old != null && !call.failed()) {
          close(old);
        }
        yield new Command.Open(call.text("path"), name);
      }
      case "sysfs_write" ->
          new Command.Call(
              "sysfs_write", Map.of("path", call.text("path"), "value", call.text("value")), null);
      case "setrlimit" ->
          new Command.Call("setrlimit", Map.of("memlock", call.number("RLIMIT_MEMLOCK")), null);
      case "capset" -> {
        boolean granted = call.has("restore");
        String capability = call.text(granted ? "restore" : "drop");
        yield new Command.Call("capset", Map.of("cap", capability, "granted", granted), null);
      }
      case "memfd_create" ->
          new Command.Call(
              "memfd_create", Map.of("name", call.text("name"), "size", call.number("size")), name);
      case "VFIO_GROUP_GET_DEVICE_FD" ->
          new Command.Ioctl(
              target, call.call(), Map.of("name", call.text("name")), null, null, name);
      default -> LogCommands.ioctl(call, target, files);
    };
  }

  private void close(LogFiles.Open file) {
    laboratory.execute(new Command.Close(file.name()));
    files.remove(file);
  }

  /** A call that opened something: later ioctls may be meant for it. */
  private void remember(LoggedCall call, String name) {
    if (call.call().equals("open")) {
      String path = call.text("path");
      files.add(new LogFiles.Open(name, LogFiles.kindOf(path), path, call.ret()));
      opened++;
    } else if (call.call().equals("memfd_create")) {
      files.add(new LogFiles.Open(name, LogFiles.Kind.OTHER, "memfd:" + name, call.ret()));
      opened++;
    } else if (call.call().equals("VFIO_GROUP_GET_DEVICE_FD")) {
      // A program that logs 0 here does not tell the descriptor.
      long number = call.ret() > 2 ? call.ret() : -1;
      files.add(new LogFiles.Open(name, LogFiles.Kind.DEVICE, call.text("name"), number));
      opened++;
    }
  }

  // ---- accesses of the device -------------------------------------------------------------------

  private ReplayedCall dma(LoggedCall call) {
    String device = log.devices().isEmpty() ? "" : log.devices().getFirst().address();
    long iova = call.number("iova");
    int bytes = Math.clamp(call.number("len"), 1, 2048);
    boolean writes = call.text("dir").contains("writes");
    if (device.isEmpty()) {
      return ReplayedCall.skipped(call, "the log names no device");
    }
    Command command =
        writes
            ? new Command.DmaWrite(device, iova, Bytes.ofHex(sized(lastRead, bytes)))
            : new Command.DmaRead(device, iova, bytes);
    Result result = laboratory.execute(command);
    String outcome =
        result instanceof Result.Dma dma ? dma.st() : String.valueOf(result.fields().get("error"));
    if (!writes && outcome.equals("done")) {
      lastRead = read(result);
    }
    return ReplayedCall.skipped(call, "here it is " + outcome);
  }

  private static String sized(String hex, int bytes) {
    String longer = hex.isEmpty() ? "00" : hex;
    return longer.repeat(bytes * 2 / longer.length() + 1).substring(0, bytes * 2);
  }

  private static String read(Result result) {
    var text = new StringBuilder();
    if (result.fields().get("chunks") instanceof List<?> chunks) {
      for (Object chunk : chunks) {
        if (chunk instanceof Map<?, ?> fields && fields.get("data") instanceof String data) {
          text.append(data);
        }
      }
    }
    return text.toString();
  }
}
