package org.iommulab.lab.replay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Json;
import org.iommulab.memory.Page;

/** The script lines for what a log says about memory: {@code mmap()} and its like. */
final class LogMmap {

  private static final long PROT_WRITE = 2;
  private static final long MAP_HUGETLB = 0x4_0000;
  private static final int HUGE_SHIFT = 26;
  private static final int GIGANTIC_BITS = 30;
  private static final long DONTNEED = 4;

  private LogMmap() {}

  /** What makes the call happen here, in order; the last result is the call's. */
  static List<Command> commands(LoggedCall call, LogFiles files) {
    return switch (call.call()) {
      case "mmap" -> map(call, files);
      case "munmap" -> List.of(free(call.number("addr"), length(call)));
      case "madvise" -> advise(call);
      default -> {
        LogFiles.Open file = files.numbered(descriptor(call));
        yield file == null
            ? List.of()
            : List.of(
                new Command.Call(
                    "ftruncate", Map.of("fd", file.name(), "length", length(call)), null));
      }
    };
  }

  private static long descriptor(LoggedCall call) {
    Long outside = call.fd();
    return outside != null ? outside : call.has("fd") ? call.number("fd") : -1;
  }

  private static long length(LoggedCall call) {
    return call.number(call.has("length") ? "length" : "len");
  }

  private static Command free(long address, long length) {
    return new Command.UserFree(Json.hex(address), Page.roundUp(length));
  }

  /** Whatever lay there is gone, as with MAP_FIXED. */
  private static List<Command> map(LoggedCall call, LogFiles files) {
    long address = call.ret();
    long length = length(call);
    long protection = call.has("prot") ? protection(call) : 3;
    Command first = free(address, length);
    if (protection == 0) {
      return List.of(first);
    }
    LogFiles.Open file = files.numbered(descriptor(call));
    if (file != null) {
      return List.of(
          first,
          new Command.Call(
              "mmap",
              Map.of(
                  "fd",
                  file.name(),
                  "addr",
                  address,
                  "length",
                  length,
                  "offset",
                  call.number("offset")),
              null));
    }
    var options = new LinkedHashMap<String, Object>();
    options.put("at", Json.hex(address));
    if ((call.number("flags") & MAP_HUGETLB) != 0 || call.text("flags").contains("MAP_HUGETLB")) {
      boolean gigantic = (call.number("flags") >>> HUGE_SHIFT & 63) == GIGANTIC_BITS;
      options.put("hugepage", gigantic ? "1G" : "2M");
    }
    if ((protection & PROT_WRITE) == 0) {
      options.put("readonly", true);
    }
    return List.of(
        first, new Command.UserAlloc("mem_" + Long.toHexString(address), length, options));
  }

  private static long protection(LoggedCall call) {
    String text = call.text("prot");
    if (!text.contains("PROT_")) {
      return call.number("prot");
    }
    return (text.contains("PROT_WRITE") ? PROT_WRITE : 0) | (text.contains("PROT_READ") ? 1 : 0);
  }

  /** Only MADV_DONTNEED takes pages away. */
  private static List<Command> advise(LoggedCall call) {
    boolean gone = call.number("advice") == DONTNEED || call.text("advice").contains("DONTNEED");
    return gone
        ? List.of(
            new Command.Call(
                "madvise", Map.of("addr", call.number("addr"), "len", length(call)), null))
        : List.of();
  }
}
