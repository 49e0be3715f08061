package org.iommulab.lab.run.process;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Nearest;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.lab.run.state.Names;
import org.iommulab.linux.uapi.Uapi;
import org.iommulab.linux.uapi.UapiField;
import org.iommulab.linux.uapi.UapiStruct;
import org.jspecify.annotations.Nullable;

/**
 * The third argument of an {@code ioctl()}: built from named values as the bytes a C program would
 * pass, and read back afterwards.
 */
final class IoctlArgument {

  private final UapiStruct command;
  private final byte[] before;
  private final @Nullable Long bare;

  private IoctlArgument(UapiStruct command, byte[] bytes, @Nullable Long bare) {
    this.command = command;
    this.before = bytes;
    this.bare = bare;
  }

  /** The command of that name; a number stands for itself, with a plain number behind it. */
  static UapiStruct command(String name) throws Complaint {
    if (!name.isEmpty() && Character.isDigit(name.charAt(0))) {
      long number = Json.number(name);
      var bare = new UapiField("arg", 0, 8, true, false, 0);
      return new UapiStruct(name, (int) number, UapiStruct.Argument.VALUE, 0, 0, List.of(bare));
    }
    var known = Uapi.all().stream().map(UapiStruct::name).toList();
    return Uapi.named(name)
        .orElseThrow(
            () ->
                new Complaint(
                    "there is no ioctl \"%s\"%s",
                    "没有 ioctl \"%s\"%s", name, Nearest.hint(name, known)));
  }

  static IoctlArgument of(Command.Ioctl c, UapiStruct command, Names names) throws Complaint {
    if (c.arg() instanceof Map<?, ?> fields) {
      Arguments options = Arguments.of(c.cmd(), fields, names, StructBytes.fields(command));
      return switch (command.argument()) {
        case NONE -> new IoctlArgument(command, new byte[0], 0L);
        case VALUE -> {
          long value = options.numberOr(command.fields().getFirst().name(), 0);
          yield new IoctlArgument(command, new byte[0], value);
        }
        case TEXT -> {
          String text = options.text(command.fields().getFirst().name()) + "\0";
          yield new IoctlArgument(command, text.getBytes(StandardCharsets.UTF_8), null);
        }
        case STRUCT -> structure(c, command, options);
      };
    }
    return new IoctlArgument(command, new byte[0], names.value(c.arg()));
  }

  private static IoctlArgument structure(Command.Ioctl c, UapiStruct command, Arguments options)
      throws Complaint {
    Bytes tail = c.tail();
    int tailLength = tail == null ? 0 : tail.length();
    byte[] bytes = new byte[command.size() + tailLength];
    String sizeField = command.sizeField();
    Long size = c.size();
    for (UapiField field : command.fields()) {
      boolean isSize = field.name().equals(sizeField);
      long value =
          options.numberOr(field.name(), isSize ? command.size() + tailLength : field.preset());
      // Two fields may share a place, one for the way in and one for the way out.
      if (value != 0 || isSize || options.has(field.name())) {
        StructBytes.put(bytes, field, isSize && size != null ? size : value);
      }
    }
    if (tail != null) {
      System.arraycopy(tail.toArray(), 0, bytes, command.size(), tailLength);
    }
    return new IoctlArgument(command, bytes, null);
  }

  /** The bytes to place in the process's memory; empty if the argument is a bare number. */
  byte[] bytes() {
    return before.clone();
  }

  /** The third argument, given where the bytes were placed. */
  long value(long address) {
    return bare == null ? address : bare;
  }

  /** What the kernel wrote: its output fields, on failure only those that changed. */
  Map<String, Object> output(byte[] after, boolean failed) {
    var out = new LinkedHashMap<String, Object>();
    if (command.argument() != UapiStruct.Argument.STRUCT || bare != null) {
      return out;
    }
    for (UapiField field : command.fields()) {
      long value = field.get(after, 0);
      if (field.out() && (!failed || value != field.get(before, 0))) {
        out.put(field.name(), StructBytes.shown(field, value));
      }
    }
    return out;
  }

  /** The output fields as numbers. */
  Map<String, Long> numbers(byte[] after) {
    var out = new LinkedHashMap<String, Long>();
    if (command.argument() == UapiStruct.Argument.STRUCT && bare == null) {
      command.fields().stream()
          .filter(UapiField::out)
          .forEach(field -> out.put(field.name(), field.get(after, 0)));
    }
    return out;
  }
}
