package org.iommulab.lab.script;

import java.util.List;
import java.util.Map;
import org.iommulab.lab.script.CommandReader.Body;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON form of {@link DriverCommand}. */
final class DriverWords {

  /** The most a device may be told to do at once. */
  private static final int MOST_STEPS = 1_000_000;

  private DriverWords() {}

  static void addTo(Map<String, Body> all) {
    all.put(
        "device.write",
        f ->
            new DriverCommand.WriteRegister(
                f.text("dev"), f.text("reg"), CommandReader.number(f, "value")));
    all.put(
        "device.read",
        f -> new DriverCommand.ReadRegister(f.text("dev"), f.text("reg"), f.textOrNull("as")));
    all.put(
        "device.run",
        f ->
            new DriverCommand.Run(
                f.text("dev"),
                f.has("steps") ? (Integer) f.between("steps", 1, MOST_STEPS) : null));
    all.put("device.receive", f -> new DriverCommand.Receive(f.text("dev"), f.hex("hex")));
    all.put("device.state", f -> new DriverCommand.Show(f.text("dev")));
    all.put("traffic", f -> new DriverCommand.Traffic(f.text("dev"), f.rest()));
    all.put("kernel.write", f -> new DriverCommand.Store(f.word("at"), expressions(f)));
    all.put("kernel.read", f -> new DriverCommand.Load(f.word("at"), f.between("len", 1, 1 << 20)));
  }

  private static List<Object> expressions(Fields f) throws Complaint {
    Object list = f.any("u64");
    if (list instanceof List<?> values
        && values.stream().allMatch(each -> each instanceof Long || each instanceof String)) {
      return List.copyOf(values);
    }
    throw new Complaint("\"u64\" is a list of numbers or expressions such as buf+0x1000");
  }

  static void write(Map<String, @Nullable Object> to, DriverCommand command) {
    switch (command) {
      case DriverCommand.WriteRegister c -> {
        to.put("dev", c.dev());
        to.put("reg", c.reg());
        to.put("value", c.value());
      }
      case DriverCommand.ReadRegister c -> {
        to.put("dev", c.dev());
        to.put("reg", c.reg());
        CommandWriter.optional(to, "as", c.as());
      }
      case DriverCommand.Run c -> {
        to.put("dev", c.dev());
        CommandWriter.optional(to, "steps", c.steps());
      }
      case DriverCommand.Receive c -> {
        to.put("dev", c.dev());
        to.put("hex", c.data().hex());
      }
      case DriverCommand.Show c -> to.put("dev", c.dev());
      case DriverCommand.Traffic c -> {
        to.put("dev", c.dev());
        to.putAll(c.keys());
      }
      case DriverCommand.Store c -> {
        to.put("at", c.at());
        to.put("u64", c.u64());
      }
      case DriverCommand.Load c -> {
        to.put("at", c.at());
        to.put("len", c.len());
      }
    }
  }
}
