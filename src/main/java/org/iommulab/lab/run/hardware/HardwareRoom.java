package org.iommulab.lab.run.hardware;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.HardwareCommand;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.machine.InterruptMessage;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.RunState;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.RegisterLayouts;

/**
 * What the processor and plain devices do, with result fields as {@code oracle/README.md} section 1
 * has them.
 */
public final class HardwareRoom {

  private static final long FILL_BASE = 0xC0DE_0000_0000_0000L;

  /** Every frame filled takes as much of the program's own memory. */
  private static final long LONGEST_FILL = 256L << 20;

  private final RunState state;

  /** The room over a machine. */
  public HardwareRoom(RunState state) {
    this.state = state;
  }

  /** Resolves a command's arguments. */
  public Prepared prepare(HardwareCommand command) throws Complaint {
    return switch (command) {
      case Command.StartMachine c -> this::describe;
      case Command.MemWrite c -> memWrite(c);
      case Command.MemFill c -> memFill(c);
      case Command.MemFlush c -> memFlush(c);
      case Command.MemRead c -> memRead(c);
      case Command.RegWrite c -> regWrite(c);
      case Command.RegRead c -> regRead(c);
      case Command.DmaWrite c -> dmaWrite(c);
      case Command.DmaRead c -> dmaRead(c);
      case Command.Msi c -> msi(c);
      case Command.IrqRead c -> this::irqRead;
      case Command.Reset c -> this::reset;
    };
  }

  private PhysicalMemory memory() {
    return state.machine().memory();
  }

  private Result describe() {
    var unit = state.machine().unit();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("ver", Json.hex(unit.read(RegisterLayouts.VER.position(), 4)));
    fields.put("cap", Json.hex(unit.read(RegisterLayouts.CAP.position(), 8)));
    fields.put("ecap", Json.hex(unit.read(RegisterLayouts.ECAP.position(), 8)));
    fields.put("impl", "iommu-lab " + unit.configuration().profile());
    if (state.machine().units().size() > 1) {
      fields.put(
          "units", state.machine().spec().units().stream().map(HardwareRoom::placement).toList());
    }
    List<String> findings = state.machine().spec().firmwareFindings();
    if (!findings.isEmpty()) {
      fields.put("firmware_findings", findings);
    }
    return new Result.Done(fields);
  }

  private static Map<String, Object> placement(MachineSpec.UnitPlacement unit) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("base", Json.hex(unit.base()));
    fields.put("segment", (long) unit.segment());
    fields.put("cap", Json.hex(unit.configuration().capabilities().cap()));
    fields.put("ecap", Json.hex(unit.configuration().capabilities().ecap()));
    fields.put("all_others", unit.includesAll());
    return fields;
  }

  private Prepared memWrite(Command.MemWrite c) throws Complaint {
    byte[] data = c.data().toArray();
    checkRam(c.op(), c.addr(), data.length);
    return () -> {
      memory().write(c.addr(), data, 0, data.length);
      return Result.NOTHING;
    };
  }

  private Prepared memFill(Command.MemFill c) throws Complaint {
    checkRam(c.op(), c.addr(), c.len());
    if (c.len() > LONGEST_FILL) {
      throw new Complaint(
          "mem.fill fills at most 256 MiB at a time, not %d bytes",
          "mem.fill 一次最多填充 256 MiB，而不是 %d 字节", c.len());
    }
    Long pattern = c.pattern();
    return () -> {
      for (long at = c.addr(); at < c.addr() + c.len(); at += 8) {
        memory().writeQword(at, pattern == null ? FILL_BASE | at : pattern);
      }
      return Result.NOTHING;
    };
  }

  private Prepared memFlush(Command.MemFlush c) throws Complaint {
    checkRam(c.op(), c.addr(), c.len());
    return () -> {
      memory().writeBack(c.addr(), c.len());
      return Result.NOTHING;
    };
  }

  private Prepared memRead(Command.MemRead c) throws Complaint {
    checkRam(c.op(), c.addr(), c.count() * 8L);
    return () -> {
      var values = new ArrayList<String>(c.count());
      for (int i = 0; i < c.count(); i++) {
        values.add(Json.hex(memory().readQword(c.addr() + i * 8L)));
      }
      return new Result.Done(Map.of("u64", values));
    };
  }

  private void checkRam(String op, long address, long length) throws Complaint {
    if (length == 0 || (address >= 0 && length > 0 && memory().isRam(address, length))) {
      return;
    }
    var ranges = new ArrayList<String>();
    for (AddressRange range : memory().ram()) {
      ranges.add(String.format(Locale.ROOT, "0x%x-0x%x", range.start(), range.end() - 1));
    }
    throw new Complaint(
        "%s: %s bytes from 0x%x are not all RAM; this machine has RAM at %s",
        "%s：%s 字节（始于 0x%x）并非全是 RAM；这台机器的 RAM 位于 %s",
        op,
        Long.toUnsignedString(length),
        address,
        String.join(", ", ranges));
  }

  private RemappingUnit unit(int number) throws Complaint {
    List<RemappingUnit> units = state.machine().units();
    if (number >= units.size()) {
      throw new Complaint(
          "this machine has no unit %d; units are 0 to %d",
          "这台机器没有单元 %d；单元编号为 0 到 %d", number, units.size() - 1);
    }
    return units.get(number);
  }

  private Prepared regWrite(Command.RegWrite c) throws Complaint {
    RemappingUnit unit = unit(c.unit());
    return () -> {
      unit.write(c.off(), c.size(), c.value());
      return Result.NOTHING;
    };
  }

  private Prepared regRead(Command.RegRead c) throws Complaint {
    RemappingUnit unit = unit(c.unit());
    return () -> new Result.Done(Map.of("value", Json.hex(unit.read(c.off(), c.size()))));
  }

  private Prepared dmaWrite(Command.DmaWrite c) throws Complaint {
    byte[] data = c.data().toArray();
    DmaAccess access =
        DeviceRequests.write(state.device(c.rid()), c.iova(), data.length, c.prefix());
    return () -> Transfers.result(state.machine().dma(access, data));
  }

  private Prepared dmaRead(Command.DmaRead c) throws Complaint {
    DmaAccess access = DeviceRequests.read(state.device(c.rid()), c.iova(), c.len(), c.prefix());
    return () -> Transfers.result(state.machine().dma(access, new byte[c.len()]));
  }

  private Prepared msi(Command.Msi c) throws Complaint {
    SourceId source = state.device(c.rid());
    return () -> {
      state.machine().msi(source, c.addr(), c.data());
      return Result.NOTHING;
    };
  }

  private Result irqRead() {
    List<Map<String, Object>> all =
        state.machine().drainInterrupts().stream().map(HardwareRoom::interrupt).toList();
    return new Result.Done(Map.of("irqs", all));
  }

  private static Map<String, Object> interrupt(InterruptMessage message) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("vector", (long) message.vector());
    fields.put("dest", (long) message.destination());
    fields.put("dest_mode", (long) message.destinationMode());
    fields.put("delivery", (long) message.deliveryMode());
    fields.put("level", (long) message.triggerMode());
    return fields;
  }

  private Result reset() {
    state.machine().reset();
    return Result.NOTHING;
  }
}
