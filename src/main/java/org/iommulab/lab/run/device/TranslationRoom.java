package org.iommulab.lab.run.device;

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
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.DeviceCommand;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Prefix;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.run.hardware.DeviceRequests;
import org.iommulab.lab.run.hardware.Transfers;
import org.iommulab.lab.run.state.Prepared;
import org.iommulab.lab.run.state.RunState;

/** What devices do with their translation caches and page requests. */
public final class TranslationRoom {

  private final RunState state;

  /** The room over a machine. */
  public TranslationRoom(RunState state) {
    this.state = state;
  }

  /** Resolves a command's arguments. */
  public Prepared prepare(DeviceCommand command) throws Complaint {
    SourceId device = state.device(command.rid());
    Machine machine = state.machine();
    SourceId source = machine.requester(device);
    return switch (command) {
      case DeviceCommand.Translate c -> translate(cache(source), c);
      case DeviceCommand.AtsRead c -> {
        DmaAccess access = DeviceRequests.read(source, c.iova(), c.len(), c.prefix());
        yield () -> byDeviceTlb(access, new byte[c.len()]);
      }
      case DeviceCommand.AtsWrite c -> {
        DmaAccess access = DeviceRequests.write(source, c.iova(), c.data().length(), c.prefix());
        yield () -> byDeviceTlb(access, c.data().toArray());
      }
      case DeviceCommand.Translated c -> translated(device, c);
      case DeviceCommand.Answers c -> {
        DeviceTlb cache = cache(source);
        yield () -> {
          cache.setManner(c.manner());
          return Result.NOTHING;
        };
      }
      case DeviceCommand.Finish c -> {
        DeviceTlb cache = cache(source);
        yield () -> new Result.Done(Map.of("finished", (long) cache.finish()));
      }
      case DeviceCommand.Complete c ->
          () -> {
            machine.unit(device).ifPresent(unit -> unit.invalidationCompleted(source, c.tag()));
            return Result.NOTHING;
          };
      case DeviceCommand.PageRequest c -> submit(cache(source), pageRequest(source, c));
      case DeviceCommand.StopMarker c ->
          submit(cache(source), PageRequestMessage.stopMarker(source, c.pasid()));
      case DeviceCommand.Responses c -> {
        DeviceTlb cache = cache(source);
        yield () -> responses(cache);
      }
    };
  }

  private Result byDeviceTlb(DmaAccess access, byte[] data) {
    Machine machine = state.machine();
    return Transfers.result(machine.dmaByDeviceTlb(access, data), machine.paths());
  }

  private DeviceTlb cache(SourceId source) throws Complaint {
    return state
        .machine()
        .deviceTlb(source)
        .orElseThrow(
            () ->
                new Complaint(
                    "%s has no translation cache: no unit is on the way of its requests",
                    "%s 没有转换缓存：它的请求不经过任何单元", source));
  }

  private Prepared translate(DeviceTlb cache, DeviceCommand.Translate c) {
    Prefix prefix = c.prefix();
    var request =
        new TranslationRequest(
            cache.source(),
            c.iova(),
            c.pages(),
            prefix.pasid(),
            c.noWrite(),
            prefix.execute(),
            prefix.privileged());
    return () -> {
      TranslationCompletion completion = cache.fetch(request);
      var fields = new LinkedHashMap<String, Object>();
      fields.put("st", completion.status().word());
      fields.put("entries", completion.entries().stream().map(TranslationRoom::describe).toList());
      explain(completion.fault(), fields);
      return new Result.Done(fields);
    };
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

  private static void explain(int fault, Map<String, Object> fields) {
    if (fault != 0) {
      fields.put("diag", Map.of("reason", (long) fault));
    }
  }

  private Prepared translated(SourceId device, DeviceCommand.Translated c) {
    Bytes data = c.data();
    DmaAccess access =
        data == null
            ? DmaAccess.read(device, c.addr(), c.len())
            : DmaAccess.write(device, c.addr(), data.length());
    byte[] bytes = data == null ? new byte[c.len()] : data.toArray();
    return () ->
        Transfers.result(
            state.machine().dma(access.withType(DmaAccess.AddressType.TRANSLATED), bytes));
  }

  private static PageRequestMessage pageRequest(SourceId source, DeviceCommand.PageRequest c) {
    Prefix prefix = c.prefix();
    return new PageRequestMessage(
        source,
        prefix.pasid(),
        c.iova(),
        c.access().contains("r"),
        c.access().contains("w"),
        prefix.execute(),
        prefix.privileged(),
        c.last(),
        c.group());
  }

  private Prepared submit(DeviceTlb cache, PageRequestMessage message) {
    return () -> {
      Receipt receipt = cache.request(message);
      var fields = new LinkedHashMap<String, Object>();
      fields.put("st", receipt.fate().word());
      explain(receipt.fault(), fields);
      return new Result.Done(fields);
    };
  }

  private static Result responses(DeviceTlb cache) {
    List<Map<String, Object>> all =
        cache.drainResponses().stream().map(TranslationRoom::describe).toList();
    return new Result.Done(Map.of("responses", all));
  }

  private static Map<String, Object> describe(PageGroupResponse response) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("group", (long) response.group());
    fields.put("code", response.word());
    if (!response.pasid().isNone()) {
      fields.put("pasid", (long) response.pasid().value());
    }
    return fields;
  }
}
