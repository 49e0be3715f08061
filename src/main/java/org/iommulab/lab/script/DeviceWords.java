package org.iommulab.lab.script;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.iommulab.bus.ats.DeviceTlb;
import org.iommulab.bus.ats.InvalidationRequest;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.lab.script.CommandReader.Body;
import org.jspecify.annotations.Nullable;

/** Reads and writes the JSON form of {@link DeviceCommand}. */
final class DeviceWords {

  private static final int MOST_PAGES = 4096;

  private DeviceWords() {}

  static void addTo(Map<String, Body> all) {
    all.put(
        "ats.translate",
        f ->
            new DeviceCommand.Translate(
                f.text("rid"),
                f.multiple("iova", 4096),
                f.has("pages") ? f.between("pages", 1, MOST_PAGES) : 1,
                f.flag("nw"),
                Prefix.read(f)));
    all.put(
        "ats.read",
        f ->
            new DeviceCommand.AtsRead(
                f.text("rid"), f.number("iova"), CommandReader.dmaLength(f), Prefix.read(f)));
    all.put(
        "ats.write",
        f ->
            new DeviceCommand.AtsWrite(
                f.text("rid"), f.number("iova"), CommandReader.dmaData(f), Prefix.read(f)));
    all.put("ats.translated", DeviceWords::translated);
    all.put("ats.manner", f -> new DeviceCommand.Answers(f.text("rid"), manner(f)));
    all.put("ats.finish", f -> new DeviceCommand.Finish(f.text("rid")));
    all.put(
        "ats.complete",
        f ->
            new DeviceCommand.Complete(
                f.text("rid"), f.between("tag", 0, InvalidationRequest.TAGS - 1)));
    all.put("pri.request", DeviceWords::pageRequest);
    all.put(
        "pri.stop",
        f -> new DeviceCommand.StopMarker(f.text("rid"), f.between("pasid", 0, 0xF_FFFF)));
    all.put("pri.read", f -> new DeviceCommand.Responses(f.text("rid")));
  }

  private static Command translated(Fields f) throws Complaint {
    if (f.has("len") == f.has("data")) {
      throw new Complaint("ats.translated reads with \"len\" or writes with \"data\"");
    }
    boolean reads = f.has("len");
    return new DeviceCommand.Translated(
        f.text("rid"),
        f.number("addr"),
        reads ? null : CommandReader.dmaData(f),
        reads ? CommandReader.dmaLength(f) : 0);
  }

  private static DeviceTlb.Manner manner(Fields f) throws Complaint {
    String word = f.text("manner");
    for (DeviceTlb.Manner manner : DeviceTlb.Manner.values()) {
      if (manner.word().equals(word)) {
        return manner;
      }
    }
    String known =
        Stream.of(DeviceTlb.Manner.values())
            .map(DeviceTlb.Manner::word)
            .collect(Collectors.joining(", "));
    throw new Complaint("\"manner\" is one of " + known + ", not \"" + word + "\"");
  }

  private static Command pageRequest(Fields f) throws Complaint {
    String access = f.textOr("access", "rw");
    if (!access.equals("r") && !access.equals("w") && !access.equals("rw")) {
      throw new Complaint("pri.request: \"access\" is r, w or rw, not \"" + access + "\"");
    }
    return new DeviceCommand.PageRequest(
        f.text("rid"),
        f.number("iova"),
        f.between("group", 0, PageRequestMessage.GROUPS - 1),
        access,
        !f.has("last") || f.flag("last"),
        Prefix.read(f));
  }

  static void write(Map<String, @Nullable Object> to, DeviceCommand command) {
    to.put("rid", command.rid());
    switch (command) {
      case DeviceCommand.Translate c -> {
        to.put("iova", Json.hex(c.iova()));
        to.put("pages", c.pages());
        Prefix.flag(to, "nw", c.noWrite());
        c.prefix().write(to);
      }
      case DeviceCommand.AtsRead c -> {
        to.put("iova", Json.hex(c.iova()));
        to.put("len", c.len());
        c.prefix().write(to);
      }
      case DeviceCommand.AtsWrite c -> {
        to.put("iova", Json.hex(c.iova()));
        to.put("data", c.data().hex());
        c.prefix().write(to);
      }
      case DeviceCommand.Translated c -> {
        to.put("addr", Json.hex(c.addr()));
        Bytes data = c.data();
        to.put(data == null ? "len" : "data", data == null ? c.len() : data.hex());
      }
      case DeviceCommand.Answers c -> to.put("manner", c.manner().word());
      case DeviceCommand.Complete c -> to.put("tag", c.tag());
      case DeviceCommand.PageRequest c -> {
        to.put("iova", Json.hex(c.iova()));
        to.put("group", c.group());
        to.put("access", c.access());
        to.put("last", c.last());
        c.prefix().write(to);
      }
      case DeviceCommand.StopMarker c -> to.put("pasid", c.pasid());
      case DeviceCommand.Finish c -> {}
      case DeviceCommand.Responses c -> {}
    }
  }
}
