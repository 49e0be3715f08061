package org.iommulab.lab.rig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.SourceId;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.PageGroupResponse;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.bus.ats.TranslationAgent.Receipt;
import org.iommulab.bus.ats.TranslationCompletion;
import org.iommulab.bus.ats.TranslationEntry;
import org.iommulab.bus.ats.TranslationRequest;
import org.iommulab.lab.script.Bytes;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.DeviceCommand;
import org.iommulab.lab.script.Json;
import org.iommulab.lab.script.Prefix;
import org.iommulab.lab.script.Result;
import org.iommulab.vtd.layout.FaultReason;

/** What devices do with their translation caches and page requests. */
final class DeviceOperations {

  private final Rig rig;

  DeviceOperations(Rig rig) {
    this.rig = rig;
  }

  Result perform(DeviceCommand command) throws Complaint {
    SourceId device = rig.device(command.rid());
    SourceId source = rig.machine.requester(device);
    return switch (command) {
      case DeviceCommand.Translate c -> translate(source, c);
      case DeviceCommand.AtsRead c ->
          HardwareOperations.dma(
              rig.machine.dmaByDeviceTlb(read(source, c.iova(), c.len(), c.prefix()), room(c)));
      case DeviceCommand.AtsWrite c ->
          HardwareOperations.dma(
              rig.machine.dmaByDeviceTlb(
                  write(source, c.iova(), c.data().length(), c.prefix()), c.data().toArray()));
      case DeviceCommand.Translated c -> translated(device, c);
      case DeviceCommand.Answers c -> {
        cache(source).setManner(c.manner());
        yield Result.NOTHING;
      }
      case DeviceCommand.Finish c ->
          new Result.Done(Map.of("finished", (long) cache(source).finish()));
      case DeviceCommand.Complete c -> {
        rig.machine.unit(device).ifPresent(unit -> unit.invalidationCompleted(source, c.tag()));
        yield Result.NOTHING;
      }
      case DeviceCommand.PageRequest c -> pageRequest(source, c);
      case DeviceCommand.StopMarker c ->
          submit(source, PageRequestMessage.stopMarker(source, c.pasid()));
      case DeviceCommand.Responses c -> responses(source);
    };
  }

  private static byte[] room(DeviceCommand.AtsRead command) {
    return new byte[command.len()];
  }

  /** A read as the device issues it. */
  static DmaAccess read(SourceId source, long iova, int length, Prefix prefix) {
    DmaAccess.Kind kind = prefix.execute() ? DmaAccess.Kind.EXECUTE : DmaAccess.Kind.READ;
    return prefixed(DmaAccess.of(source, iova, length, kind), prefix);
  }

  /** A write as the device issues it. */
  static DmaAccess write(SourceId source, long iova, int length, Prefix prefix) {
    return prefixed(DmaAccess.write(source, iova, length), prefix);
  }

  private static DmaAccess prefixed(DmaAccess access, Prefix prefix) {
    return access.withPasid(prefix.pasid()).withPrivileged(prefix.privileged());
  }

  private DeviceTlb cache(SourceId source) throws Complaint {
    return rig.machine
        .deviceTlb(source)
        .orElseThrow(
            () ->
                new Complaint(
                    source + " has no translation cache: no unit is on the way of its requests"));
  }

  private Result translate(SourceId source, DeviceCommand.Translate c) throws Complaint {
    Prefix prefix = c.prefix();
    TranslationCompletion completion =
        cache(source)
            .fetch(
                new TranslationRequest(
                    source,
                    c.iova(),
                    c.pages(),
                    prefix.pasid(),
                    c.noWrite(),
                    prefix.execute(),
                    prefix.privileged()));
    var fields = new LinkedHashMap<String, Object>();
    fields.put("st", completion.status().word());
    fields.put("entries", completion.entries().stream().map(DeviceOperations::describe).toList());
    if (completion.entries().isEmpty()) {
      explain(source, fields);
    }
    return new Result.Done(fields);
  }

  private static Map<String, Object> describe(TranslationEntry entry) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("iova", Json.hex(entry.input().start()));
    fields.put("len", entry.input().bytes());
    fields.put("rights", entry.rights());
    if (!entry.isNone() && !entry.untranslatedOnly()) {
      fields.put("pa", Json.hex(entry.output(entry.input().start())));
    }
    if (entry.untranslatedOnly()) {
      fields.put("untranslated", true);
    }
    fields.put("raw", Json.hex(entry.raw()));
    return fields;
  }

  private void explain(SourceId source, Map<String, Object> fields) {
    FaultReason reason = rig.machine.unit(source).map(unit -> unit.lastReason()).orElse(null);
    if (reason != null) {
      fields.put("diag", Map.of("reason", (long) reason.code()));
    }
  }

  private Result translated(SourceId source, DeviceCommand.Translated c) {
    Bytes data = c.data();
    DmaAccess access =
        data == null
            ? DmaAccess.read(source, c.addr(), c.len())
            : DmaAccess.write(source, c.addr(), data.length());
    byte[] bytes = data == null ? new byte[c.len()] : data.toArray();
    return HardwareOperations.dma(
        rig.machine.dma(access.withType(DmaAccess.AddressType.TRANSLATED), bytes));
  }

  private Result pageRequest(SourceId source, DeviceCommand.PageRequest c) throws Complaint {
    Prefix prefix = c.prefix();
    return submit(
        source,
        new PageRequestMessage(
            source,
            prefix.pasid(),
            c.iova(),
            c.access().contains("r"),
            c.access().contains("w"),
            prefix.execute(),
            prefix.privileged(),
            c.last(),
            c.group()));
  }

  private Result submit(SourceId source, PageRequestMessage message) throws Complaint {
    Receipt receipt = cache(source).request(message);
    var fields = new LinkedHashMap<String, Object>();
    fields.put("st", receipt.word());
    if (receipt == Receipt.REFUSED) {
      explain(source, fields);
    }
    return new Result.Done(fields);
  }

  private Result responses(SourceId source) throws Complaint {
    List<Map<String, Object>> all =
        cache(source).drainResponses().stream().map(DeviceOperations::describe).toList();
    return new Result.Done(Map.of("responses", all));
  }

  private static Map<String, Object> describe(PageGroupResponse response) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("group", (long) response.group());
    fields.put("code", response.word());
    if (response.pasid() != DmaAccess.NO_PASID) {
      fields.put("pasid", (long) response.pasid());
    }
    return fields;
  }
}
