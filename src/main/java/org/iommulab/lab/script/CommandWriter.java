package org.iommulab.lab.script;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes commands in their JSON form; {@link CommandReader} reads the same back. */
final class CommandWriter {

  private CommandWriter() {}

  static String write(Command command) {
    return Json.write(fields(command));
  }

  private static Map<String, @Nullable Object> fields(Command command) {
    var to = new LinkedHashMap<String, @Nullable Object>();
    to.put("op", command.op());
    switch (command) {
      case Command.StartMachine c -> to.putAll(c.keys());
      case Command.MemWrite c -> {
        to.put("addr", Json.hex(c.addr()));
        data(to, c.data(), c.addr() % 8 == 0);
      }
      case Command.MemFill c -> {
        to.put("addr", Json.hex(c.addr()));
        to.put("len", c.len());
        Long pattern = c.pattern();
        to.put("pattern", pattern == null ? "addr" : Json.hex(pattern));
      }
      case Command.MemFlush c -> {
        to.put("addr", Json.hex(c.addr()));
        to.put("len", c.len());
      }
      case Command.MemRead c -> {
        to.put("addr", Json.hex(c.addr()));
        to.put("count", c.count());
      }
      case Command.RegWrite c -> {
        to.put("off", Json.hex(c.off()));
        to.put("size", c.size());
        to.put("value", Json.hex(c.value()));
        unit(to, c.unit());
      }
      case Command.RegRead c -> {
        to.put("off", Json.hex(c.off()));
        to.put("size", c.size());
        unit(to, c.unit());
      }
      case Command.DmaWrite c -> {
        to.put("rid", c.rid());
        to.put("iova", Json.hex(c.iova()));
        to.put("data", c.data().hex());
        c.prefix().write(to);
      }
      case Command.DmaRead c -> {
        to.put("rid", c.rid());
        to.put("iova", Json.hex(c.iova()));
        to.put("len", c.len());
        c.prefix().write(to);
      }
      case DeviceCommand c -> DeviceWords.write(to, c);
      case DriverCommand c -> DriverWords.write(to, c);
      case Command.Msi c -> {
        to.put("rid", c.rid());
        to.put("addr", Json.hex(c.addr()));
        to.put("data", c.data());
      }
      case Command.IrqRead c -> {}
      case Command.Reset c -> {}
      case Command.LinuxBoot c -> {
        to.put("cmdline", c.cmdline());
        to.put("walker", c.walker());
        optional(to, "era", c.era());
        to.putAll(c.options());
      }
      case Command.Open c -> {
        to.put("path", c.path());
        to.put("as", c.as());
      }
      case Command.Ioctl c -> {
        to.put("fd", c.fd());
        to.put("cmd", c.cmd());
        to.put("arg", c.arg());
        optional(to, "size", c.size());
        Bytes tail = c.tail();
        optional(to, "tail", tail == null ? null : tail.hex());
        optional(to, "as", c.as());
      }
      case Command.Close c -> to.put("fd", c.fd());
      case Command.UserAlloc c -> {
        to.put("as", c.as());
        to.put("len", c.len());
        to.putAll(c.options());
      }
      case Command.UserFree c -> {
        to.put("at", c.at());
        optional(to, "len", c.len());
      }
      case Command.UserWrite c -> {
        to.put("at", c.at());
        content(to, c.content());
      }
      case Command.UserRead c -> {
        to.put("at", c.at());
        wanted(to, c.len(), c.struct(), c.as());
      }
      case Command.Read c -> {
        to.put("fd", c.fd());
        wanted(to, c.len(), c.struct(), c.as());
      }
      case Command.Write c -> {
        to.put("fd", c.fd());
        content(to, c.content());
      }
      case Command.Poll c -> to.put("fd", c.fd());
      case Command.FailNth c -> to.put("n", c.n());
      case Command.Let c -> {
        to.put("as", c.as());
        to.put("value", c.value());
      }
      case Command.Call c -> {
        to.put("fn", c.fn());
        to.put("args", c.args());
        optional(to, "as", c.as());
      }
      case Command.ClockAdvance c -> to.put("ns", c.ns());
      case Command.Checkpoint c -> to.put("name", c.name());
      case Command.Rewind c -> to.put("to", c.to());
      case Command.Expect c -> {
        to.put("path", c.path());
        to.put("value", c.value());
      }
      case Command.Answer c -> {
        to.put("question", c.question());
        to.put("value", c.value());
      }
      case Command.Hint c -> to.put("question", c.question());
      case Command.Note c -> to.put("text", c.text());
    }
    return to;
  }

  private static void content(Map<String, @Nullable Object> to, Content content) {
    switch (content) {
      case Content.Raw raw -> data(to, raw.data(), false);
      case Content.Structures many -> {
        to.put("struct", many.struct());
        to.put("arg", many.values());
      }
    }
  }

  private static void wanted(
      Map<String, @Nullable Object> to,
      @Nullable Integer length,
      List<String> structs,
      @Nullable String as) {
    optional(to, "len", length);
    if (!structs.isEmpty()) {
      to.put("struct", structs);
    }
    optional(to, "as", as);
  }

  private static void data(Map<String, @Nullable Object> to, Bytes data, boolean aligned) {
    if (aligned && data.isQuadwords()) {
      to.put("u64", data.quadwords().stream().map(Json::hex).toList());
    } else {
      to.put("hex", data.hex());
    }
  }

  private static void unit(Map<String, @Nullable Object> to, int unit) {
    optional(to, "unit", unit == 0 ? null : unit);
  }

  static void optional(Map<String, @Nullable Object> to, String name, @Nullable Object value) {
    if (value != null) {
      to.put(name, value);
    }
  }
}
