package org.iommulab.peer.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.iommulab.linux.program.Answer;
import org.iommulab.linux.program.Exchange;
import org.iommulab.linux.program.KeptBytes;
import org.iommulab.linux.program.Request;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.linux.uapi.UapiStruct;
import org.jspecify.annotations.Nullable;

/**
 * A request of a program as people speak of it.
 *
 * @param pid the process
 * @param name the ioctl's name in the kernel's headers, or the system call's
 * @param arguments the rest of it, in the order of the headers; empty for nothing
 * @param ranges addresses that it is about: of the program, or of devices
 */
public record ProgramCall(int pid, String name, String arguments, List<Range> ranges) {

  private static final int PAGE_SHIFT = 12;
  private static final List<String> PLACES =
      List.of("iova", "dst_iova", "src_iova", "user_va", "vaddr", "nesting_parent_iova");
  private static final List<String> LENGTHS = List.of("length", "size");
  private static final Set<String> UNSAID = Set.of("argsz", "__reserved", "__reserved2");

  /**
   * Consecutive addresses.
   *
   * @param start the first
   * @param bytes how many; at least one
   */
  public record Range(long start, long bytes) {
    /** Tells whether an address is one of them. */
    public boolean has(long address) {
      return Long.compareUnsigned(address - start, bytes) < 0;
    }
  }

  /** Bytes of the program's memory; null if they cannot be read. */
  @FunctionalInterface
  interface Memory {
    byte @Nullable [] read(long address, int bytes);
  }

  public ProgramCall {
    ranges = List.copyOf(ranges);
  }

  /** A request that has been carried out. */
  public static ProgramCall of(Exchange exchange) {
    return of(exchange.request(), (address, bytes) -> first(exchange.learned(), bytes));
  }

  /** The structure is the first thing of its length that the kernel has read. */
  private static byte @Nullable [] first(List<Answer> learned, int bytes) {
    for (Answer answer : learned) {
      if (answer instanceof Answer.Bytes(KeptBytes read)
          && read != null
          && read.length() >= bytes) {
        return read.get();
      }
    }
    return null;
  }

  /** A request, with the program's memory to look into. */
  static ProgramCall of(Request request, Memory memory) {
    return switch (request) {
      case Request.Assign assign -> simple(0, "vfio-pci", assign.device());
      case Request.Beside beside -> simple(0, "memory", "");
      case Request.Begin begin -> simple(begin.pid(), "begin", begin.name());
      case Request.Open open -> simple(open.pid(), "open", open.path());
      case Request.OnFile call -> onFile(call, memory);
      case Request.MapFile map ->
          simple(
              map.pid(),
              "mmap",
              "fd=" + map.fd() + " offset=" + hex(map.offset()) + " length=" + hex(map.length()));
      case Request.Access access ->
          simple(
              access.pid(),
              access.store() ? "store" : "load",
              "offset="
                  + hex(access.offset())
                  + " bytes="
                  + access.bytes()
                  + (access.store() ? " value=" + hex(access.value()) : ""));
      case Request.Work work -> simple(0, "device", "");
      case Request.EventRang rang -> simple(0, "eventfd", "");
      case Request.MemoryGoes gone -> goes(gone);
      case Request.Exits exits -> simple(exits.pid(), "exit_group", "");
      case Request.FileEnds ended -> simple(0, "close", ended.link());
      case Request.ProcessEnds ended -> simple(ended.pid(), "end", "");
    };
  }

  private static ProgramCall simple(int pid, String name, String arguments) {
    return new ProgramCall(pid, name, arguments, List.of());
  }

  private static ProgramCall goes(Request.MemoryGoes gone) {
    if (gone.endPage() - gone.firstPage() > Long.MAX_VALUE >>> PAGE_SHIFT) {
      return simple(gone.pid(), "execve", "");
    }
    long start = gone.firstPage() << PAGE_SHIFT;
    long bytes = gone.endPage() - gone.firstPage() << PAGE_SHIFT;
    return new ProgramCall(
        gone.pid(),
        "munmap",
        "addr=" + hex(start) + " length=" + hex(bytes),
        List.of(new Range(start, bytes)));
  }

  private static ProgramCall onFile(Request.OnFile call, Memory memory) {
    if (call.kind() == Request.Kind.SEEK) {
      return simple(
          call.pid(), "lseek", "fd=" + call.fd() + " offset=" + call.a() + " whence=" + call.b());
    }
    if (call.kind() != Request.Kind.IOCTL) {
      boolean positioned = call.kind() == Request.Kind.PREAD || call.kind() == Request.Kind.PWRITE;
      return simple(
          call.pid(),
          call.kind().name().toLowerCase(Locale.ROOT),
          "fd="
              + call.fd()
              + " count="
              + call.b()
              + (positioned ? " offset=" + hex(call.c()) : ""));
    }
    UapiStruct struct = Uapi.numbered((int) call.a()).orElse(null);
    if (struct == null) {
      return simple(call.pid(), "ioctl " + hex(call.a() & 0xFFFF_FFFFL), "fd=" + call.fd());
    }
    byte[] bytes =
        struct.argument() == UapiStruct.Argument.STRUCT
            ? memory.read(call.b(), Math.max(struct.minimum(), 1))
            : null;
    return switch (struct.argument()) {
      case NONE -> simple(call.pid(), struct.name(), "");
      case VALUE ->
          simple(
              call.pid(), struct.name(), struct.fields().getFirst().name() + "=" + (int) call.b());
      case TEXT -> simple(call.pid(), struct.name(), "");
      case STRUCT ->
          bytes == null
              ? simple(call.pid(), struct.name(), "")
              : new ProgramCall(
                  call.pid(), struct.name(), words(struct, bytes), ranges(struct, bytes));
    };
  }

  private static String words(UapiStruct struct, byte[] bytes) {
    return struct.fields().stream()
        .filter(field -> !isUnsaid(struct, field) && field.offset() + field.size() <= bytes.length)
        .map(field -> field.name() + "=" + shown(field, field.get(bytes, 0)))
        .collect(Collectors.joining(" "));
  }

  /** The structure's own size, what is reserved, and what only the kernel writes says nothing. */
  private static boolean isUnsaid(UapiStruct struct, UapiField field) {
    return UNSAID.contains(field.name())
        || field.name().startsWith("out_")
        || field.name().equals("size") && field.offset() == 0 && struct.sizeField() != null;
  }

  private static String shown(UapiField field, long value) {
    return field.size() == 8 || field.name().equals("flags") ? hex(value) : Long.toString(value);
  }

  private static List<Range> ranges(UapiStruct struct, byte[] bytes) {
    long length = 1;
    for (String name : LENGTHS) {
      UapiField field = struct.find(name);
      if (field != null && field.offset() > 0 && field.offset() + field.size() <= bytes.length) {
        length = Math.max(1, field.get(bytes, 0));
      }
    }
    var ranges = new ArrayList<Range>();
    for (String name : PLACES) {
      UapiField field = struct.find(name);
      if (field != null && field.offset() + field.size() <= bytes.length) {
        ranges.add(new Range(field.get(bytes, 0), length));
      }
    }
    return ranges;
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** The call in one line. */
  public String text() {
    return arguments.isEmpty() ? name : name + " " + arguments;
  }
}
