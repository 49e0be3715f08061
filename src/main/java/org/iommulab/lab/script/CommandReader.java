package org.iommulab.lab.script;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads commands from their JSON form: one entry for each operation of the language. */
final class CommandReader {

  /** The longest DMA a script may ask for, in bytes. */
  private static final int LONGEST_DMA = 2048;

  /** The longest read of a file a script may ask for, in bytes. */
  private static final int LONGEST_READ = 16384;

  private static final int REGISTER_BYTES = 0x1000;

  private static final Map<String, Body> OPERATIONS = operations();

  /** Reads the fields of one operation. */
  interface Body {
    Command read(Fields fields) throws Complaint;
  }

  private CommandReader() {}

  static Set<String> names() {
    return OPERATIONS.keySet();
  }

  static Reading<Command> read(String json) {
    try {
      return new Reading.Good<>(read(Json.readJson(json)));
    } catch (Complaint e) {
      return new Reading.Bad<>(e.sentence());
    }
  }

  static Command read(JsonNode node) throws Complaint {
    if (!node.isObject()) {
      throw new Complaint(
          "a command is an object such as {\"op\":\"reset\"}, not " + shorten(node));
    }
    JsonNode op = node.get("op");
    if (op == null || !op.isString()) {
      throw new Complaint("a command needs \"op\", the name of its operation");
    }
    String name = op.stringValue();
    Body body = OPERATIONS.get(name);
    if (body == null) {
      throw new Complaint(
          "unknown operation \"" + name + "\"" + Nearest.hint(name, OPERATIONS.keySet()));
    }
    Fields fields = new Fields(name, node);
    Command command = body.read(fields);
    fields.done();
    return command;
  }

  private static String shorten(JsonNode node) {
    String text = node.toString();
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  private static Map<String, Body> operations() {
    var all = new LinkedHashMap<String, Body>();
    all.put("machine", CommandReader::machine);
    all.put("mem.write", CommandReader::memWrite);
    all.put("mem.fill", CommandReader::memFill);
    all.put(
        "mem.read", f -> new Command.MemRead(f.multiple("addr", 8), f.between("count", 1, 65536)));
    all.put("mem.flush", f -> new Command.MemFlush(f.number("addr"), f.number("len")));
    all.put("reg.write", CommandReader::regWrite);
    all.put("reg.read", CommandReader::regRead);
    all.put("dma.write", CommandReader::dmaWrite);
    all.put(
        "dma.read",
        f -> new Command.DmaRead(f.text("rid"), f.number("iova"), dmaLength(f), Prefix.read(f)));
    DeviceWords.addTo(all);
    DriverWords.addTo(all);
    all.put(
        "msi",
        f -> new Command.Msi(f.text("rid"), f.multiple("addr", 4), f.between("data", 0, 0xFFFF)));
    all.put("irq.read", f -> new Command.IrqRead());
    all.put("reset", f -> new Command.Reset());
    all.put("answer", f -> new Command.Answer(f.text("question"), number(f, "value")));
    all.put("hint", f -> new Command.Hint(f.text("question")));
    all.put("note", f -> new Command.Note(f.text("text")));
    all.put(
        "linux.boot",
        f ->
            new Command.LinuxBoot(
                f.textOr("cmdline", ""),
                f.textOr("walker", "classic"),
                f.textOrNull("era"),
                f.rest()));
    all.put("open", f -> new Command.Open(f.text("path"), f.text("as")));
    all.put("ioctl", CommandReader::ioctl);
    all.put("close", f -> new Command.Close(f.word("fd")));
    all.put("user.alloc", f -> new Command.UserAlloc(f.text("as"), f.number("len"), f.rest()));
    all.put(
        "user.free",
        f -> new Command.UserFree(f.word("at"), f.has("len") ? number(f, "len") : null));
    all.put("user.write", f -> new Command.UserWrite(f.word("at"), content(f)));
    all.put(
        "user.read",
        f ->
            new Command.UserRead(
                f.word("at"), length(f, 1, 1 << 20), f.texts("struct"), f.textOrNull("as")));
    all.put(
        "read",
        f ->
            new Command.Read(
                f.word("fd"), length(f, 0, LONGEST_READ), f.texts("struct"), f.textOrNull("as")));
    all.put("write", f -> new Command.Write(f.word("fd"), content(f)));
    all.put("poll", f -> new Command.Poll(f.word("fd")));
    all.put("fail_nth", f -> new Command.FailNth(number(f, "n")));
    all.put("let", f -> new Command.Let(f.text("as"), number(f, "value")));
    all.put("call", f -> new Command.Call(f.text("fn"), f.mapOrEmpty("args"), f.textOrNull("as")));
    all.put("clock.advance", CommandReader::clock);
    all.put("checkpoint", f -> new Command.Checkpoint(f.text("name")));
    all.put("rewind", f -> new Command.Rewind(f.text("to")));
    all.put("expect", f -> new Command.Expect(f.text("path"), f.any("value")));
    return all;
  }

  /** Which keys a machine has is the machine's business: it complains when it is built. */
  private static Command machine(Fields f) throws Complaint {
    return new Command.StartMachine(f.rest());
  }

  private static Command memWrite(Fields f) throws Complaint {
    boolean quadwords = f.has("u64");
    long addr = quadwords ? f.multiple("addr", 8) : f.number("addr");
    return new Command.MemWrite(addr, data(f));
  }

  private static Bytes data(Fields f) throws Complaint {
    boolean quadwords = f.has("u64");
    if (quadwords == f.has("hex")) {
      throw new Complaint("the bytes go into either \"u64\" or \"hex\"");
    }
    return quadwords ? f.quadwords("u64") : f.hex("hex");
  }

  private static Content content(Fields f) throws Complaint {
    if (!f.has("struct")) {
      return new Content.Raw(data(f));
    }
    return new Content.Structures(f.text("struct"), f.maps("arg"));
  }

  /** A length that may be left out if structures say how long they are. */
  private static @Nullable Integer length(Fields f, int least, int most) throws Complaint {
    return f.has("struct") && !f.has("len") ? null : (Integer) f.between("len", least, most);
  }

  static Object number(Fields f, String name) throws Complaint {
    Object value = f.any(name);
    if (value instanceof Long || value instanceof String) {
      return value;
    }
    throw new Complaint("\"" + name + "\" is a number or an expression such as buf+0x1000");
  }

  private static Command memFill(Fields f) throws Complaint {
    long addr = f.multiple("addr", 8);
    long len = f.multiple("len", 8);
    boolean byAddress = f.word("pattern").equals("addr");
    return new Command.MemFill(addr, len, byAddress ? null : f.number("pattern"));
  }

  private static int registerSize(Fields f) throws Complaint {
    int size = f.between("size", 4, 8);
    if (size != 4 && size != 8) {
      throw new Complaint("registers are accessed with 4 or 8 bytes, not " + size);
    }
    return size;
  }

  private static int registerOffset(Fields f, int size) throws Complaint {
    int off = f.between("off", 0, REGISTER_BYTES - size);
    if (off % size != 0) {
      throw new Complaint(
          String.format(
                  Locale.ROOT,
                  "an access of %d bytes at register offset 0x%x is not aligned; the offset must be"
                      + " a",
                  size,
                  off)
              + " multiple of "
              + size);
    }
    return off;
  }

  /** Which unit; only the machine knows how many there are. */
  private static int unit(Fields f) throws Complaint {
    return f.has("unit") ? f.between("unit", 0, 255) : 0;
  }

  private static Command regWrite(Fields f) throws Complaint {
    int size = registerSize(f);
    int off = registerOffset(f, size);
    long value = f.number("value");
    if (size == 4 && value >>> 32 != 0) {
      throw new Complaint("value " + Json.hex(value) + " does not fit into 4 bytes");
    }
    return new Command.RegWrite(off, size, value, unit(f));
  }

  private static Command regRead(Fields f) throws Complaint {
    int size = registerSize(f);
    return new Command.RegRead(registerOffset(f, size), size, unit(f));
  }

  private static Command dmaWrite(Fields f) throws Complaint {
    return new Command.DmaWrite(f.text("rid"), f.number("iova"), dmaData(f), Prefix.read(f));
  }

  /** Bytes a device reads. */
  static int dmaLength(Fields f) throws Complaint {
    return f.between("len", 1, LONGEST_DMA);
  }

  /** Bytes a device writes. */
  static Bytes dmaData(Fields f) throws Complaint {
    Bytes data = f.hex("data");
    if (data.length() < 1 || data.length() > LONGEST_DMA) {
      throw new Complaint("a DMA has 1 to " + LONGEST_DMA + " bytes, not " + data.length());
    }
    return data;
  }

  private static Command ioctl(Fields f) throws Complaint {
    return new Command.Ioctl(
        f.word("fd"),
        f.text("cmd"),
        argument(f),
        f.numberOrNull("size"),
        f.has("tail") ? f.hex("tail") : null,
        f.textOrNull("as"));
  }

  private static Object argument(Fields f) throws Complaint {
    Object arg = f.has("arg") ? f.any("arg") : Map.of();
    if (arg instanceof Map || arg instanceof Long || arg instanceof String) {
      return arg;
    }
    throw new Complaint("ioctl: \"arg\" must be an object with the structure's fields");
  }

  private static Command clock(Fields f) throws Complaint {
    if (f.has("ms") == f.has("ns")) {
      throw new Complaint("the time goes into either \"ms\" or \"ns\"");
    }
    long ns = f.has("ms") ? f.between("ms", 0, Integer.MAX_VALUE) * 1_000_000L : f.number("ns");
    if (ns < 0) {
      throw new Complaint("clock.advance: \"ns\" must be less than 2^63");
    }
    return new Command.ClockAdvance(ns);
  }
}
