package org.iommulab.lab.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Content;
import org.iommulab.lab.language.Json;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.linux.uapi.UapiStruct;
import org.jspecify.annotations.Nullable;

/**
 * The script lines that make a logged ioctl; pointers that no log names lead to a buffer of ours.
 */
final class LogCommands {

  /** Stands for a command whose number the log does not tell. */
  private static final String UNKNOWN = Json.hex(Uapi.TYPE << 8 | 0xFF);

  /** Room for lists, information and bitmaps. */
  static final long ROOM = 0x6000_0000_0000L;

  static final long ROOM_BYTES = 0x10000;
  private static final int INFO_BYTES = 16384;
  private static final Pattern HELD = Pattern.compile("holds (0x[0-9a-fA-F]{1,16})");
  private static final List<String> POINTERS =
      List.of("allowed_iovas", "data_uptr", "data", "fault_uptr");

  private LogCommands() {}

  static Command room() {
    return new Command.UserAlloc("room", ROOM_BYTES, Map.of("at", Json.hex(ROOM)));
  }

  /** Fills the room as the program had filled its buffer. */
  static List<Command> prepare(LoggedCall call) {
    var commands = new ArrayList<Command>();
    commands.add(store(new byte[4096]));
    Matcher held = HELD.matcher(call.note());
    List<List<Long>> pairs = LoggedCall.pairs(call.args());
    if (held.find()) {
      commands.add(store(quadwords(LoggedCall.numberOf(held.group(1)))));
    } else if (!pairs.isEmpty()) {
      long[] flat = pairs.stream().flatMap(List::stream).mapToLong(Long::longValue).toArray();
      commands.add(store(quadwords(flat)));
    }
    return commands;
  }

  private static byte[] quadwords(long... values) {
    return Bytes.ofQuadwords(values).toArray();
  }

  private static Command store(byte[] bytes) {
    return new Command.UserWrite("room", new Content.Raw(Bytes.of(bytes)));
  }

  /**
   * The ioctl itself.
   *
   * @param file name of the descriptor
   * @param files to find descriptors that arguments name
   * @return null if no kernel of ours knows a command of that name
   */
  static @Nullable Command ioctl(LoggedCall call, String file, LogFiles files) {
    if (call.call().equals("unknown_ioctl")) {
      String number = call.text("request");
      return new Command.Ioctl(file, number.isEmpty() ? UNKNOWN : number, 0L, null, null, null);
    }
    UapiStruct command = Uapi.named(call.call()).orElse(null);
    if (command == null) {
      return null;
    }
    return switch (command.argument()) {
      case NONE -> new Command.Ioctl(file, command.name(), Map.of(), null, null, null);
      case VALUE, TEXT -> {
        String field = command.fields().getFirst().name();
        Object value = call.args().getOrDefault(field, 0L);
        yield new Command.Ioctl(file, command.name(), Map.of(field, value), null, null, null);
      }
      case STRUCT -> struct(call, command, file, files);
    };
  }

  private static Command struct(LoggedCall call, UapiStruct command, String file, LogFiles files) {
    var fields = new LinkedHashMap<String, Object>();
    String sizeField = command.sizeField();
    Long size = null;
    for (UapiField field : command.fields()) {
      Object value = call.args().get(field.name());
      if (field.name().equals(sizeField)) {
        size = LoggedCall.isNumber(value) ? Long.valueOf(LoggedCall.numberOf(value)) : null;
      } else if (POINTERS.contains(field.name()) && leadsToRoom(call, value)) {
        fields.put(field.name(), ROOM);
      } else if (LoggedCall.isNumber(value)) {
        fields.put(field.name(), number(field, LoggedCall.numberOf(value)));
      }
    }
    descriptor(call, fields, files);
    Bytes tail = null;
    if (call.call().equals("VFIO_IOMMU_GET_INFO")) {
      // The capability chain is read back from where the argument lies, so it lies in the room.
      return new Command.Ioctl(file, command.name(), Json.hex(ROOM), null, null, null);
    }
    if (call.call().equals("VFIO_IOMMU_UNMAP_DMA") && call.out().containsKey("bitmap")) {
      // struct vfio_bitmap: page size, bytes, address.
      tail = Bytes.ofQuadwords(4096, 8L * bitmapWords(call), ROOM);
    } else if (call.has("tail") && size != null && size > command.size() && size <= INFO_BYTES) {
      tail = tail(call.args().get("tail"), (int) (size - command.size()));
    } else if (size != null && size > command.size() && size <= INFO_BYTES) {
      tail = Bytes.of(new byte[(int) (size - command.size())]);
    }
    return new Command.Ioctl(file, command.name(), fields, size, tail, null);
  }

  /**
   * What lies behind the structure: hexadecimal bytes, a list of bytes, or a number, then zeros.
   */
  private static Bytes tail(@Nullable Object told, int length) {
    byte[] bytes = new byte[length];
    if (told instanceof List<?> list) {
      for (int i = 0; i < Math.min(length, list.size()); i++) {
        bytes[i] = (byte) LoggedCall.numberOf(list.get(i));
      }
    } else if (told instanceof String text && text.matches("([0-9a-fA-F]{2})+")) {
      byte[] given = Bytes.ofHex(text).toArray();
      System.arraycopy(given, 0, bytes, 0, Math.min(length, given.length));
    } else {
      long number = LoggedCall.numberOf(told);
      for (int i = 0; i < Math.min(length, Long.BYTES); i++) {
        bytes[i] = (byte) (number >>> 8 * i);
      }
    }
    return Bytes.of(bytes);
  }

  /** The bytes of a GET_INFO argument, to be stored in the room first. */
  static Command infoArgument(LoggedCall call) {
    long argsz = call.has("argsz") ? call.number("argsz") : 4096;
    return store(quadwords(argsz & 0xFFFF_FFFFL, 0, 0));
  }

  static int bitmapWords(LoggedCall call) {
    return call.out().get("bitmap") instanceof List<?> words ? words.size() : 0;
  }

  /** The log names no pointer or one into the program's own buffer, and it was no bad one. */
  private static boolean leadsToRoom(LoggedCall call, @Nullable Object value) {
    boolean given = value == null || LoggedCall.numberOf(value) != 0;
    return given && !call.errno().equals("EFAULT");
  }

  private static Object number(UapiField field, long value) {
    long mask = field.size() == 8 ? -1L : (1L << field.size() * 8) - 1;
    return field.signed() ? (Object) value : (Object) (value & mask);
  }

  /** Arguments that are descriptors of the program become names of ours. */
  private static void descriptor(LoggedCall call, Map<String, Object> fields, LogFiles files) {
    String field =
        switch (call.call()) {
          case "VFIO_GROUP_SET_CONTAINER" -> "container";
          case "VFIO_DEVICE_BIND_IOMMUFD" -> "iommufd";
          case "IOMMU_IOAS_MAP_FILE" -> "fd";
          default -> "";
        };
    if (field.isEmpty()) {
      return;
    }
    LogFiles.Kind kind =
        field.equals("container") ? LogFiles.Kind.CONTAINER : LogFiles.Kind.IOMMUFD;
    LogFiles.Open named = files.numbered(call.has(field) ? call.number(field) : -1);
    if (named != null) {
      fields.put(field, named.name());
    } else if (!call.has(field) && !field.equals("fd")) {
      List<LogFiles.Open> open = files.of(kind);
      LogFiles.Open likely =
          open.isEmpty() && kind == LogFiles.Kind.CONTAINER
              ? files.of(LogFiles.Kind.IOMMUFD).stream().findFirst().orElse(null)
              : open.stream().findFirst().orElse(null);
      if (likely != null) {
        fields.put(field, likely.name());
      }
    }
  }
}
