package org.iommulab.lab.rig;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.machine.DmaOutcome;
import org.iommulab.lab.machine.InterruptMessage;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.lab.script.Bytes;
import org.iommulab.lab.script.Command;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Json;
import org.iommulab.lab.script.Result;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.RegisterLayouts;

/** The hardware operations, with result fields as {@code oracle/README.md} section 1 has them. */
final class HardwareOperations {

  private static final long FILL_BASE = 0xC0DE_0000_0000_0000L;

  /** Every frame filled takes as much of the program's own memory. */
  private static final long LONGEST_FILL = 256L << 20;

  private final Rig rig;

  HardwareOperations(Rig rig) {
    this.rig = rig;
  }

  private PhysicalMemory memory() {
    return rig.machine.memory();
  }

  Result describe() {
    var unit = rig.machine.unit();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("ver", Json.hex(unit.read(RegisterLayouts.VER.position(), 4)));
    fields.put("cap", Json.hex(unit.read(RegisterLayouts.CAP.position(), 8)));
    fields.put("ecap", Json.hex(unit.read(RegisterLayouts.ECAP.position(), 8)));
    fields.put("impl", "iommu-lab " + unit.configuration().profile());
    if (rig.machine.units().size() > 1) {
      fields.put(
          "units", rig.machine.spec().units().stream().map(HardwareOperations::placement).toList());
    }
    List<String> findings = rig.machine.spec().firmwareFindings();
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

  Result memWrite(Command.MemWrite c) throws Complaint {
    byte[] data = c.data().toArray();
    checkRam(c.op(), c.addr(), data.length);
    memory().write(c.addr(), data, 0, data.length);
    return Result.NOTHING;
  }

  Result memFill(Command.MemFill c) throws Complaint {
    checkRam(c.op(), c.addr(), c.len());
    if (c.len() > LONGEST_FILL) {
      throw new Complaint("mem.fill fills at most 256 MiB at a time, not " + c.len() + " bytes");
    }
    Long pattern = c.pattern();
    for (long at = c.addr(); at < c.addr() + c.len(); at += 8) {
      memory().writeQword(at, pattern == null ? FILL_BASE | at : pattern);
    }
    return Result.NOTHING;
  }

  Result memFlush(Command.MemFlush c) throws Complaint {
    checkRam(c.op(), c.addr(), c.len());
    memory().writeBack(c.addr(), c.len());
    return Result.NOTHING;
  }

  Result memRead(Command.MemRead c) throws Complaint {
    checkRam(c.op(), c.addr(), c.count() * 8L);
    var values = new ArrayList<String>(c.count());
    for (int i = 0; i < c.count(); i++) {
      values.add(Json.hex(memory().readQword(c.addr() + i * 8L)));
    }
    return new Result.Done(Map.of("u64", values));
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
        String.format(
            Locale.ROOT,
            "%s: %s bytes from 0x%x are not all RAM; this machine has RAM at %s",
            op,
            Long.toUnsignedString(length),
            address,
            String.join(", ", ranges)));
  }

  private RemappingUnit unit(int number) throws Complaint {
    List<RemappingUnit> units = rig.machine.units();
    if (number >= units.size()) {
      throw new Complaint(
          String.format(
              Locale.ROOT,
              "this machine has no unit %d; units are 0 to %d",
              number,
              units.size() - 1));
    }
    return units.get(number);
  }

  Result regWrite(Command.RegWrite c) throws Complaint {
    unit(c.unit()).write(c.off(), c.size(), c.value());
    return Result.NOTHING;
  }

  Result regRead(Command.RegRead c) throws Complaint {
    return new Result.Done(Map.of("value", Json.hex(unit(c.unit()).read(c.off(), c.size()))));
  }

  Result dmaWrite(Command.DmaWrite c) throws Complaint {
    byte[] data = c.data().toArray();
    SourceId source = rig.device(c.rid());
    return dma(
        rig.machine.dma(DeviceOperations.write(source, c.iova(), data.length, c.prefix()), data));
  }

  Result dmaRead(Command.DmaRead c) throws Complaint {
    SourceId source = rig.device(c.rid());
    return dma(
        rig.machine.dma(
            DeviceOperations.read(source, c.iova(), c.len(), c.prefix()), new byte[c.len()]));
  }

  static Result dma(DmaOutcome outcome) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("st", outcome.status().word());
    fields.put("chunks", outcome.chunks().stream().map(HardwareOperations::chunk).toList());
    return new Result.Dma(outcome.status().word(), fields);
  }

  private static Map<String, Object> chunk(DmaOutcome.Chunk chunk) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("iova", Json.hex(chunk.iova()));
    fields.put("len", (long) chunk.length());
    fields.put("st", chunk.status().word());
    if (chunk.status() == DmaOutcome.Status.DONE || chunk.status() == DmaOutcome.Status.VOID) {
      fields.put("pa", Json.hex(chunk.physicalAddress()));
    }
    byte[] data = chunk.data();
    if (data != null) {
      fields.put("data", Bytes.of(data).hex());
    }
    FaultReason reason = chunk.reason();
    if (chunk.cached()) {
      fields.put("diag", Map.of("why", "cached"));
    } else if (reason != null) {
      fields.put("diag", Map.of("reason", (long) reason.code()));
    }
    return fields;
  }

  Result msi(Command.Msi c) throws Complaint {
    rig.machine.msi(rig.device(c.rid()), c.addr(), c.data());
    return Result.NOTHING;
  }

  Result irqRead() {
    List<Map<String, Object>> all =
        rig.machine.drainInterrupts().stream().map(HardwareOperations::interrupt).toList();
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

  Result reset() {
    rig.machine.reset();
    return Result.NOTHING;
  }
}
