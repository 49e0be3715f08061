package org.iommulab.linux.vfio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.Process;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.linux.uapi.UapiStruct;
import tools.jackson.databind.JsonNode;

/**
 * Replays a program's call log on our kernel. The log names no file descriptors for ioctls, so the
 * container, group and device in use are followed from the opens.
 */
final class CallLogReplay {

  private final Process process;
  private final TreeMap<Integer, Integer> descriptors = new TreeMap<>();
  private final TreeMap<Integer, Integer> groups = new TreeMap<>();
  private final List<Integer> containers = new ArrayList<>();
  private final List<Integer> devices = new ArrayList<>();
  private final long scratch;
  private int group = -1;
  private String phase = "";

  CallLogReplay(Kernel kernel) {
    process = kernel.createProcess("vfio-test");
    process.setCapability("CAP_IPC_LOCK", true);
    scratch = process.alloc(1 << 16, MemoryOptions.PLAIN).ret();
  }

  Process process() {
    return process;
  }

  /** Runs one line; returns what differs, empty if nothing does. */
  String run(JsonNode line) {
    if (!line.has("call")) {
      return "";
    }
    if (!line.path("phase").asString("").equals(phase)) {
      phase = line.path("phase").asString("");
      if (phase.equals("entry-limit")) {
        closeAll();
      }
    }
    SyscallResult result = call(line);
    if (result == null) {
      return "";
    }
    Errno errno = result.errno();
    String got = errno == null ? "0" : errno.name();
    String wanted = line.path("errno").asString();
    boolean sameValue =
        errno != null || isDescriptor(line) || result.ret() == line.path("ret").asLong();
    if (!got.equals(wanted) || !sameValue) {
      return "line %d %s: wanted %s %s, got %d %s (%s)"
          .formatted(
              line.path("n").asInt(),
              line.path("call").asString(),
              line.path("ret"),
              wanted,
              result.ret(),
              got,
              result.cause());
    }
    return checkOut(line);
  }

  private static boolean isDescriptor(JsonNode line) {
    String call = line.path("call").asString();
    return call.equals("open") || call.equals("VFIO_GROUP_GET_DEVICE_FD");
  }

  private SyscallResult call(JsonNode line) {
    JsonNode args = line.path("args");
    String note = line.path("note").asString("");
    return switch (line.path("call").asString()) {
      case "sysfs_write" ->
          process.writeFile(args.path("path").asString(), args.path("value").asString());
      case "open" -> open(args.path("path").asString(), line.path("ret").asInt());
      case "setrlimit" -> {
        process.setMemlockLimit(number(args.path("RLIMIT_MEMLOCK")));
        yield SyscallResult.ok(0);
      }
      case "capset" -> {
        process.setCapability("CAP_IPC_LOCK", args.has("restore"));
        yield SyscallResult.ok(0);
      }
      case "unknown_ioctl" -> process.ioctl(container(line), (int) number(args.path("request")), 0);
      case "DEVICE_DMA", "CHECK_MEMORY" -> null;
      case "VFIO_GROUP_SET_CONTAINER" -> setContainer(args, note);
      case "VFIO_GROUP_UNSET_CONTAINER" -> {
        if (note.equals("device closed")) {
          devices.forEach(process::close);
          devices.clear();
        }
        if (phase.equals("two-groups")) {
          group = groups.get(5);
        }
        yield process.ioctl(group, Uapi.VFIO_GROUP_UNSET_CONTAINER.number(), 0);
      }
      case "VFIO_GROUP_GET_STATUS" -> struct(Uapi.VFIO_GROUP_GET_STATUS, group, args, 8);
      case "VFIO_GROUP_GET_DEVICE_FD" -> deviceFd(args.path("name").asString());
      case "VFIO_DEVICE_GET_INFO" -> struct(Uapi.VFIO_DEVICE_GET_INFO, devices.getLast(), args, 24);
      case "VFIO_DEVICE_GET_REGION_INFO" ->
          struct(Uapi.VFIO_DEVICE_GET_REGION_INFO, devices.getLast(), args, 32);
      case "VFIO_IOMMU_UNMAP_DMA" -> unmap(line, args);
      case "VFIO_IOMMU_DIRTY_PAGES" -> dirty(line, args, note);
      default -> other(line, args, note);
    };
  }

  private int container(JsonNode line) {
    // In the last phase with two containers the program goes back to the first.
    boolean first = phase.equals("two-groups") && line.path("n").asInt() >= 273;
    return first ? containers.getFirst() : containers.getLast();
  }

  private SyscallResult open(String path, int logged) {
    if (logged >= 0) {
      Integer old = descriptors.remove(logged);
      if (old != null) {
        process.close(old);
      }
    }
    SyscallResult result = process.open(path);
    if (!result.failed()) {
      int fd = (int) result.ret();
      descriptors.put(logged, fd);
      if (path.equals("/dev/vfio/vfio")) {
        containers.add(fd);
      } else {
        group = fd;
        groups.put(Integer.parseInt(path.substring("/dev/vfio/".length())), fd);
      }
    }
    return result;
  }

  private void closeAll() {
    for (int fd : List.copyOf(process.openFiles().keySet())) {
      process.close(fd);
    }
    descriptors.clear();
    groups.clear();
    containers.clear();
    devices.clear();
  }

  private SyscallResult setContainer(JsonNode args, String note) {
    int container = containers.getLast();
    if (args.has("group")) {
      group = groups.get(args.path("group").asInt());
    } else {
      container = args.path("container").asInt();
    }
    put(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(container).array());
    return process.ioctl(group, Uapi.VFIO_GROUP_SET_CONTAINER.number(), scratch);
  }

  private SyscallResult deviceFd(String name) {
    put((name + "\0").getBytes(StandardCharsets.UTF_8));
    SyscallResult result = process.ioctl(group, Uapi.VFIO_GROUP_GET_DEVICE_FD.number(), scratch);
    if (!result.failed()) {
      devices.add((int) result.ret());
    }
    return result;
  }

  private SyscallResult struct(UapiStruct command, int fd, JsonNode args, int argsz) {
    ByteBuffer bytes = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, argsz);
    for (UapiField field : command.fields()) {
      if (args.has(field.name())) {
        long value = number(args.path(field.name()));
        if (field.size() == 8) {
          bytes.putLong(field.offset(), value);
        } else {
          bytes.putInt(field.offset(), (int) value);
        }
      }
    }
    put(bytes.array());
    return process.ioctl(fd, command.number(), scratch);
  }

  private SyscallResult unmap(JsonNode line, JsonNode args) {
    boolean bitmap = line.path("out").has("bitmap");
    if (bitmap) {
      // struct vfio_bitmap: page size, bytes, address.
      ByteBuffer more = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
      more.putLong(4096).putLong(8).putLong(scratch + 8192);
      SyscallResult prepared = prepare(args, 48, more.array());
      return prepared;
    }
    return struct(Uapi.VFIO_IOMMU_UNMAP_DMA, container(line), args, 24);
  }

  private SyscallResult prepare(JsonNode args, int argsz, byte[] more) {
    ByteBuffer bytes = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(argsz).putInt((int) number(args.path("flags")));
    bytes.putLong(number(args.path("iova"))).putLong(number(args.path("size"))).put(more);
    process.write(scratch + 8192, new byte[64]);
    put(bytes.array());
    return process.ioctl(containers.getLast(), Uapi.VFIO_IOMMU_UNMAP_DMA.number(), scratch);
  }

  private SyscallResult dirty(JsonNode line, JsonNode args, String note) {
    byte[] before = new byte[64];
    if (note.contains("0xff00ff0000000000")) {
      ByteBuffer.wrap(before).order(ByteOrder.LITTLE_ENDIAN).putLong(0xff00ff0000000000L);
    } else if (note.contains("0xff before")) {
      before[0] = (byte) 0xFF;
    }
    process.write(scratch + 8192, before);
    ByteBuffer bytes = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt((int) number(args.path("argsz"))).putInt((int) number(args.path("flags")));
    for (String field : List.of("iova", "size", "pgsize", "bitmap_size")) {
      bytes.putLong(number(args.path(field)));
    }
    bytes.putLong(note.contains("pointer 0") ? 0 : scratch + 8192);
    put(bytes.array());
    return process.ioctl(container(line), Uapi.VFIO_IOMMU_DIRTY_PAGES.number(), scratch);
  }

  private SyscallResult other(JsonNode line, JsonNode args, String note) {
    UapiStruct command = Uapi.named(line.path("call").asString()).orElseThrow();
    if (note.startsWith("memfd truncated")) {
      process.memory().truncate(number(args.path("vaddr")), 0x4000);
    }
    return switch (command.argument()) {
      case NONE -> process.ioctl(container(line), command.number(), 0);
      case VALUE ->
          process.ioctl(
              container(line),
              command.number(),
              number(args.path(command.fields().getFirst().name())));
      default -> struct(command, container(line), args, command.size());
    };
  }

  private String checkOut(JsonNode line) {
    JsonNode out = line.path("out");
    byte[] seen = new byte[24];
    process.read(scratch, seen);
    ByteBuffer bytes = ByteBuffer.wrap(seen).order(ByteOrder.LITTLE_ENDIAN);
    UapiStruct command = Uapi.named(line.path("call").asString()).orElse(null);
    if (command == null || command.argument() != UapiStruct.Argument.STRUCT) {
      return "";
    }
    for (UapiField field : command.fields()) {
      boolean compared = out.has(field.name()) && field.offset() + field.size() <= 24;
      if (compared && !line.path("errno").asString().equals("0")) {
        compared = false;
      }
      if (compared) {
        long got =
            field.size() == 8
                ? bytes.getLong(field.offset())
                : bytes.getInt(field.offset()) & 0xFFFF_FFFFL;
        if (got != number(out.path(field.name()))) {
          return "line %d %s: %s is 0x%x, wanted %s"
              .formatted(
                  line.path("n").asInt(),
                  command.name(),
                  field.name(),
                  got,
                  out.path(field.name()));
        }
      }
    }
    if (out.has("bitmap")) {
      byte[] map = new byte[8];
      process.read(scratch + 8192, map);
      long got = ByteBuffer.wrap(map).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (got != number(out.path("bitmap").path(0))) {
        return "line %d: bitmap is 0x%x, wanted %s"
            .formatted(line.path("n").asInt(), got, out.path("bitmap"));
      }
    }
    return "";
  }

  private void put(byte[] bytes) {
    process.write(scratch, bytes);
  }

  private static long number(JsonNode node) {
    String text = node.asString("0");
    return text.startsWith("0x")
        ? Long.parseUnsignedLong(text.substring(2), 16)
        : Long.parseLong(text);
  }
}
