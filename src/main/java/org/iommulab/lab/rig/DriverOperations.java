package org.iommulab.lab.rig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bits.FieldValue;
import org.iommulab.bus.device.DeviceRegister;
import org.iommulab.lab.expect.DeviceFacts;
import org.iommulab.lab.machine.DmaCounters;
import org.iommulab.lab.machine.MachineDevice;
import org.iommulab.lab.machine.Refusal;
import org.iommulab.lab.script.Bytes;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.DriverCommand;
import org.iommulab.lab.script.Json;
import org.iommulab.lab.script.Nearest;
import org.iommulab.lab.script.Result;
import org.iommulab.linux.Kernel;

/** What a driver does with a device, and what the device then does by itself. */
final class DriverOperations {

  private static final int UNTIL_IDLE = 1_000_000;

  private final Rig rig;

  DriverOperations(Rig rig) {
    this.rig = rig;
  }

  Result perform(DriverCommand command) throws Complaint {
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
    return rig.machine
        .device(rig.device(word))
        .orElseThrow(() -> new Complaint(word + " has no registers; it sends interrupts only"));
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
                    String.format(
                        Locale.ROOT,
                        "%s has no register %s; it has %s%s",
                        device.device().name(),
                        name,
                        String.join(", ", names),
                        Nearest.hint(wanted, names))));
  }

  private Result write(DriverCommand.WriteRegister c) throws Complaint {
    MachineDevice device = device(c.dev());
    DeviceRegister register = register(device, c.reg());
    long value = rig.names.value(c.value());
    if (register.bytes() == 4 && value >>> 32 != 0) {
      throw new Complaint(
          String.format(
              Locale.ROOT,
              "value %s does not fit into %s, which has 4 bytes",
              Json.hex(value),
              register.name()));
    }
    device.model().write(register, value);
    return Result.NOTHING;
  }

  private Result read(DriverCommand.ReadRegister c) throws Complaint {
    MachineDevice device = device(c.dev());
    DeviceRegister register = register(device, c.reg());
    long value = device.model().read(register);
    String as = c.as();
    if (as != null) {
      rig.names.put(as, value);
    }
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

  private Result run(DriverCommand.Run c) throws Complaint {
    MachineDevice device = device(c.dev());
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

  private Result receive(DriverCommand.Receive c) throws Complaint {
    MachineDevice device = device(c.dev());
    if (!device.model().receive(c.data().toArray())) {
      throw new Complaint(
          c.dev() + " takes nothing from outside now; only a network card with room for it does");
    }
    return Result.NOTHING;
  }

  private Result state(DriverCommand.Show c) throws Complaint {
    var shown = new LinkedHashMap<String, Object>(DeviceFacts.of(device(c.dev())));
    var registers = new LinkedHashMap<String, Object>();
    for (DeviceRegister register : device(c.dev()).model().registers()) {
      registers.put(register.name(), Json.hex(device(c.dev()).model().read(register)));
    }
    shown.put("registers", registers);
    return new Result.Done(shown);
  }

  private Result traffic(DriverCommand.Traffic c) throws Complaint {
    return new TrafficRun(rig.machine, rig.device(c.dev()), rig.names).run(c.keys());
  }

  // ---- the driver's memory ---------------------------------------------------------------------

  private long physical(String at, long address, long length) throws Complaint {
    Kernel kernel = rig.kernel;
    long physical = kernel == null ? address : kernel.dma().physical(address);
    if (physical < 0 || !rig.machine.memory().isRam(physical, length)) {
      throw new Complaint(
          String.format(Locale.ROOT, "%s: the kernel has no memory at 0x%x", at, address));
    }
    return physical;
  }

  private Result store(DriverCommand.Store c) throws Complaint {
    long at = rig.names.value(c.at());
    if (at % 8 != 0) {
      throw new Complaint("kernel.write: \"at\" must be a multiple of 8");
    }
    // All is looked up before anything is stored: a refused line leaves no half behind.
    var values = new LinkedHashMap<Long, Long>();
    for (Object value : c.u64()) {
      values.put(physical(c.at(), at, 8), rig.names.value(value));
      at += 8;
    }
    values.forEach(rig.machine.memory()::writeQword);
    return Result.NOTHING;
  }

  private Result load(DriverCommand.Load c) throws Complaint {
    long at = rig.names.value(c.at());
    byte[] bytes = new byte[c.len()];
    for (int done = 0; done < bytes.length; ) {
      int length = Math.min(bytes.length - done, 4096 - (int) (at + done & 4095));
      long physical = physical(c.at(), at + done, length);
      rig.machine.memory().read(physical, bytes, done, length);
      done += length;
    }
    return new Result.Done(Map.of("hex", Bytes.of(bytes).hex()));
  }
}
