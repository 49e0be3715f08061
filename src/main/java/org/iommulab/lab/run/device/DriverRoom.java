package org.iommulab.lab.run.device;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bits.FieldValue;
import org.iommulab.bus.device.DeviceRegister;
import org.iommulab.lab.expect.DeviceFacts;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.DriverCommand;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Nearest;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.machine.DmaCounters;
import org.iommulab.lab.machine.MachineDevice;
import org.iommulab.lab.machine.Refusal;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.linux.Kernel;
import org.iommulab.words.Bilingual;

/** What a driver does with a device, and what the device then does by itself. */
public final class DriverRoom {

  private static final int UNTIL_IDLE = 1_000_000;

  private final RunState state;

  /** The room over a machine and its kernel. */
  public DriverRoom(RunState state) {
    this.state = state;
  }

  /** Resolves a command's arguments. */
  public Prepared prepare(DriverCommand command) throws Complaint {
    return switch (command) {
      case DriverCommand.WriteRegister c -> write(c);
      case DriverCommand.ReadRegister c -> read(c);
      case DriverCommand.Run c -> run(c);
      case DriverCommand.Receive c -> receive(c);
      case DriverCommand.Show c -> state(c);
      case DriverCommand.Traffic c -> traffic(c);
      case DriverCommand.Store c -> store(c);
      case DriverCommand.Load c -> load(c);
    };
  }

  private MachineDevice device(String word) throws Complaint {
    return state
        .machine()
        .device(state.device(word))
        .orElseThrow(
            () ->
                new Complaint(
                    "%s has no registers; it sends interrupts only", "%s 没有寄存器；它只发送中断", word));
  }

  private static DeviceRegister register(MachineDevice device, String name) throws Complaint {
    String wanted = name.toUpperCase(Locale.ROOT);
    List<String> names = device.model().registers().stream().map(DeviceRegister::name).toList();
    return device
        .model()
        .register(wanted)
        .orElseThrow(
            () ->
                new Complaint(
                    "%s has no register %s; it has %s%s",
                    "%s 没有寄存器 %s；它有 %s%s",
                    device.device().name(),
                    name,
                    String.join(", ", names),
                    Nearest.hint(wanted, names)));
  }

  private Prepared write(DriverCommand.WriteRegister c) throws Complaint {
    MachineDevice device = device(c.dev());
    DeviceRegister register = register(device, c.reg());
    long value = state.names().value(c.value());
    int bits = register.layout().bits();
    if (bits < 64 && value >>> bits != 0) {
      throw new Complaint(
          "value %s does not fit into %s, which has %d %s",
          "值 %s 放不进 %s，它有 %d %s",
          Json.hex(value),
          register.name(),
          register.bytes(),
          new Bilingual(register.bytes() == 1 ? "byte" : "bytes", "个字节"));
    }
    return () -> {
      device.model().write(register, value);
      return Result.NOTHING;
    };
  }

  private Prepared read(DriverCommand.ReadRegister c) throws Complaint {
    MachineDevice device = device(c.dev());
    DeviceRegister register = register(device, c.reg());
    return () -> {
      long value = device.model().read(register);
      device.model().wasRead(register);
      String as = c.as();
      if (as != null) {
        state.names().put(as, value);
      }
      return shown(register, value);
    };
  }

  private static Result shown(DeviceRegister register, long value) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("value", Json.hex(value));
    var parts = new LinkedHashMap<String, Object>();
    for (FieldValue part : register.layout().decode(value)) {
      if (!part.field().name().equals("reserved")) {
        parts.put(part.field().name(), Json.hex(part.value()));
      }
    }
    fields.put("fields", parts);
    return new Result.Done(fields);
  }

  private Prepared run(DriverCommand.Run c) throws Complaint {
    MachineDevice device = device(c.dev());
    return () -> run(device, c);
  }

  private static Result run(MachineDevice device, DriverCommand.Run c) {
    DmaCounters before = device.counters();
    Integer wanted = c.steps();
    int steps = device.run(wanted == null ? UNTIL_IDLE : wanted);
    DmaCounters after = device.counters();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("steps", (long) steps);
    fields.put("activity", device.model().activity());
    fields.put("reads", after.reads() - before.reads());
    fields.put("writes", after.writes() - before.writes());
    fields.put("bytes", bytes(after) - bytes(before));
    fields.put("aborted", after.aborted() - before.aborted());
    fields.put("lost", after.lost() - before.lost());
    fields.put("messages", after.messages() - before.messages());
    if (after.denied() > before.denied()) {
      fields.put("denied", after.denied() - before.denied());
    }
    if (after.failed() > before.failed()) {
      device.lastRefusal().ifPresent(refusal -> fields.put("last_refusal", refusal(refusal)));
    }
    return new Result.Done(fields);
  }

  private static long bytes(DmaCounters counters) {
    return counters.bytesRead() + counters.bytesWritten();
  }

  private static Map<String, Object> refusal(Refusal refusal) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("iova", Json.hex(refusal.address()));
    fields.put("kind", refusal.write() ? "write" : "read");
    fields.put("st", refusal.status().word());
    var reason = refusal.reason();
    if (reason != null) {
      fields.put("reason", (long) reason.code());
    }
    return fields;
  }

  private Prepared receive(DriverCommand.Receive c) throws Complaint {
    MachineDevice device = device(c.dev());
    byte[] data = c.data().toArray();
    if (!device.model().receives(data)) {
      throw new Complaint(
          "%s takes nothing from outside now; only a network card with room for it does",
          "%s 现在不接收外来的数据；只有有空余接收缓冲的网卡才接收", c.dev());
    }
    return () -> {
      device.model().receive(data);
      return Result.NOTHING;
    };
  }

  private Prepared state(DriverCommand.Show c) throws Complaint {
    MachineDevice device = device(c.dev());
    return () -> {
      var shown = new LinkedHashMap<String, Object>(DeviceFacts.of(device));
      var registers = new LinkedHashMap<String, Object>();
      for (DeviceRegister register : device.model().registers()) {
        registers.put(register.name(), Json.hex(device.model().read(register)));
      }
      shown.put("registers", registers);
      return new Result.Done(shown);
    };
  }

  private Prepared traffic(DriverCommand.Traffic c) throws Complaint {
    return TrafficRun.prepare(state, c);
  }

  // ---- the driver's memory ---------------------------------------------------------------------

  private long physical(String at, long address, long length) throws Complaint {
    Kernel kernel = state.booted().orElse(null);
    long physical = kernel == null ? address : kernel.dma().physical(address);
    if (physical < 0 || !state.machine().memory().isRam(physical, length)) {
      throw new Complaint("%s: the kernel has no memory at 0x%x", "%s：内核在 0x%x 处没有内存", at, address);
    }
    return physical;
  }

  private Prepared store(DriverCommand.Store c) throws Complaint {
    long at = state.names().value(c.at());
    if (at % 8 != 0) {
      throw new Complaint(
          "kernel.write: \"at\" must be a multiple of 8", "kernel.write：\"at\" 必须是 8 的整数倍");
    }
    var values = new LinkedHashMap<Long, Long>();
    for (Object value : c.u64()) {
      values.put(physical(c.at(), at, 8), state.names().value(value));
      at += 8;
    }
    return () -> {
      values.forEach(state.machine().memory()::writeQword);
      return Result.NOTHING;
    };
  }

  private Prepared load(DriverCommand.Load c) throws Complaint {
    long at = state.names().value(c.at());
    var pieces = new LinkedHashMap<Long, Integer>();
    for (int done = 0; done < c.len(); ) {
      int length = Math.min(c.len() - done, 4096 - (int) (at + done & 4095));
      pieces.put(physical(c.at(), at + done, length), length);
      done += length;
    }
    return () -> {
      byte[] bytes = new byte[c.len()];
      int done = 0;
      for (Map.Entry<Long, Integer> piece : pieces.entrySet()) {
        state.machine().memory().read(piece.getKey(), bytes, done, piece.getValue());
        done += piece.getValue();
      }
      return new Result.Done(Map.of("hex", Bytes.of(bytes).hex()));
    };
  }
}
