package org.iommulab.lab.run.keys;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.acpi.DeviceScope;
import org.iommulab.acpi.DmarStructure;
import org.iommulab.bus.PciBridge;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.PciTopology;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.MachineFields;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.lab.run.state.Arguments;
import org.iommulab.words.Bilingual;

/**
 * The devices, bridges and reserved memory of a machine line; what it does not list, the board has.
 */
final class BoardKeys {

  /** Where the first virtual function comes behind its physical one, as ids. */
  private static final int FIRST_VIRTUAL_FUNCTION = 16;

  private static final Map<String, PciDevice.Kind> DEVICES = devicesByWord();
  private static final Map<String, PciBridge.Kind> BRIDGES = bridgesByWord();

  private final Arguments keys;
  private final List<PciDevice> devices;
  private final List<PciBridge> bridges;
  private final PciTopology topology;
  private final MachineSpec board;

  BoardKeys(Arguments keys, MachineSpec board) throws Complaint {
    this.keys = keys;
    this.board = board;
    bridges = keys.has("bridges") ? readBridges() : board.bridges();
    devices = keys.has("devices") ? readDevices() : board.devices();
    topology = new PciTopology(bridges, devices);
  }

  private static Map<String, PciDevice.Kind> devicesByWord() {
    var words = new LinkedHashMap<String, PciDevice.Kind>();
    words.put("engine", PciDevice.Kind.DMA_ENGINE);
    words.put("nic", PciDevice.Kind.NETWORK_CARD);
    words.put("nvme", PciDevice.Kind.NVME);
    words.put("gpu", PciDevice.Kind.GPU);
    words.put("legacy", PciDevice.Kind.LEGACY_CARD);
    words.put("rogue", PciDevice.Kind.ROGUE);
    words.put("ioat", PciDevice.Kind.IOAT);
    words.put("igb", PciDevice.Kind.IGB);
    words.put("usb", PciDevice.Kind.USB_CONTROLLER);
    words.put("ioapic", PciDevice.Kind.IO_APIC);
    words.put("hpet", PciDevice.Kind.HPET);
    return words;
  }

  private static Map<String, PciBridge.Kind> bridgesByWord() {
    var words = new LinkedHashMap<String, PciBridge.Kind>();
    for (PciBridge.Kind kind : PciBridge.Kind.values()) {
      words.put(kind.name().toLowerCase(java.util.Locale.ROOT), kind);
    }
    return words;
  }

  List<PciDevice> devices() {
    return devices;
  }

  List<PciBridge> bridges() {
    return bridges;
  }

  /** Complains about the first thing that cannot be so. */
  void check() throws Complaint {
    List<Bilingual> findings = topology.findings();
    if (!findings.isEmpty()) {
      throw new Complaint(findings.getFirst());
    }
  }

  // ---- devices ---------------------------------------------------------------------------------

  private List<PciDevice> readDevices() throws Complaint {
    var found = new ArrayList<PciDevice>();
    for (Arguments own :
        keys.list("devices", new Bilingual("device", "设备"), MachineFields.DEVICE)) {
      SourceId at = at(own);
      boolean legacy = own.textOr("kind", "engine").equals("legacy");
      int bits = (int) own.between("dma_bits", legacy ? 32 : 64, 16, 64);
      PciDevice.Kind kind = DEVICES.get(own.choice("kind", "engine", DEVICES.keySet()));
      var device =
          new PciDevice(
              at,
              own.textOr("name", at.toString()),
              kind == null ? PciDevice.Kind.DMA_ENGINE : kind,
              bits == 64 ? PciDevice.MASK_64 : (1L << bits) - 1,
              abilities(own));
      found.add(device);
      virtualFunctions(
          device,
          (int) own.between("vfs", 0, 0, 64),
          (int) own.between("vf_offset", FIRST_VIRTUAL_FUNCTION, 1, 0xFFFF),
          found);
    }
    return found;
  }

  private static PciDevice.Abilities abilities(Arguments own) throws Complaint {
    boolean ats = own.flag("ats");
    boolean pri = own.flag("pri");
    if (pri && !ats) {
      throw own.wrong(
          "pri",
          "needs \"ats\": a device asks for pages it could not translate",
          "需要 \"ats\"：设备请求的是它无法转换的页");
    }
    var phantoms = new ArrayList<SourceId>();
    for (String word : own.texts("phantoms")) {
      phantoms.add(id(own, "phantoms", word));
    }
    int pasidBits = (int) own.between("pasid_bits", 0, 0, 20);
    boolean plug = own.flag("plug");
    if (plug && !own.textOr("kind", "engine").equals("igb")) {
      throw own.wrong(
          "plug",
          "needs \"kind\": \"igb\": no other card has a socket for one",
          "需要 \"kind\": \"igb\"：别的网卡没有插口");
    }
    return new PciDevice.Abilities(
        ats, pri, pasidBits, own.flagOr("acs", true), phantoms, null, plug);
  }

  private static void virtualFunctions(
      PciDevice physical, int count, int offset, List<PciDevice> into) throws Complaint {
    for (int i = 0; i < count; i++) {
      int value = physical.source().value() + offset + i;
      if (value > 0xFFFF) {
        throw new Complaint(
            "%s has no requester ids left for virtual functions",
            "%s 没有剩余的请求者 ID 可供虚拟功能（VF）使用", physical.name());
      }
      into.add(
          new PciDevice(
              new SourceId(physical.source().segment(), value),
              physical.name() + ".vf" + i,
              physical.kind(),
              physical.dmaMask(),
              physical.abilities().asVirtualFunctionOf(physical.source())));
    }
  }

  private static SourceId at(Arguments own) throws Complaint {
    return id(own, "at", own.text("at"));
  }

  private static SourceId id(Arguments own, String key, String word) throws Complaint {
    return SourceId.parse(word)
        .orElseThrow(
            () ->
                own.wrong(
                    key,
                    "must be bus:device.function such as 01:00.0, or with a segment in front, not"
                        + " \"%s\"",
                    "必须是 总线:设备.功能，例如 01:00.0，也可在前面加段号，而不是 \"%s\"",
                    word));
  }

  // ---- bridges ---------------------------------------------------------------------------------

  private List<PciBridge> readBridges() throws Complaint {
    var found = new ArrayList<PciBridge>();
    for (Arguments own : keys.list("bridges", new Bilingual("bridge", "桥"), MachineFields.BRIDGE)) {
      SourceId at = at(own);
      PciBridge.Kind kind = BRIDGES.get(own.choice("kind", "root_port", BRIDGES.keySet()));
      PciBridge.Kind known = kind == null ? PciBridge.Kind.ROOT_PORT : kind;
      if (!own.has("secondary")) {
        throw own.wrong(
            "secondary", "is missing: the number of the bus behind the bridge", "缺失：桥之后的总线号");
      }
      int secondary = (int) own.between("secondary", 0, 1, 255);
      found.add(
          new PciBridge(
              at,
              own.textOr("name", at.toString()),
              known,
              secondary,
              (int) own.between("subordinate", secondary, 1, 255),
              own.flagOr("acs", !known.hidesRequesters()),
              own.flag("external")));
    }
    return found;
  }

  // ---- scopes ----------------------------------------------------------------------------------

  /** The device scopes that the names or ids under {@code scope} stand for. */
  List<DeviceScope> scopes(Arguments unit) throws Complaint {
    var scopes = new ArrayList<DeviceScope>();
    for (String word : unit.texts("scope")) {
      scopes.add(scope(unit, "scope", word));
    }
    return scopes;
  }

  private DeviceScope scope(Arguments own, String key, String word) throws Complaint {
    Optional<SourceId> id = SourceId.parse(word);
    for (PciBridge bridge : bridges) {
      if (bridge.name().equals(word) || id.equals(Optional.of(bridge.source()))) {
        return DeviceScope.to(DeviceScope.SUB_HIERARCHY, 0, bridge.source(), topology);
      }
    }
    for (PciDevice device : devices) {
      if (device.name().equals(word) || id.equals(Optional.of(device.source()))) {
        int type =
            switch (device.kind()) {
              case IO_APIC -> DeviceScope.IO_APIC;
              case HPET -> DeviceScope.HPET;
              default -> DeviceScope.ENDPOINT;
            };
        return DeviceScope.to(type, 0, device.source(), topology);
      }
    }
    throw own.wrong(
        key,
        "names \"%s\", but the machine has no such device or bridge",
        "所写的 \"%s\" 在这台机器上不存在：没有这样的设备或桥",
        word);
  }

  /** Memory of devices that the operating system must keep its hands off. */
  List<DmarStructure.Rmrr> reserved() throws Complaint {
    if (!keys.has("reserved")) {
      return board.reserved();
    }
    var found = new ArrayList<DmarStructure.Rmrr>();
    for (Arguments own :
        keys.list("reserved", new Bilingual("reserved region", "保留区域"), MachineFields.RESERVED)) {
      var scopes = new ArrayList<DeviceScope>();
      for (String word : own.texts("devices")) {
        scopes.add(scope(own, "devices", word));
      }
      int segment = (int) own.between("segment", 0, 0, 0xFFFF);
      long base = own.numberOr("base", 0);
      long limit = own.numberOr("limit", 0);
      if (Long.compareUnsigned(limit, base) < 0) {
        throw own.wrong(
            "limit",
            "is below \"base\"; it is the last byte of the region",
            "小于 \"base\"；它是该区域的最后一个字节");
      }
      found.add(new DmarStructure.Rmrr(segment, base, limit, scopes));
    }
    return found;
  }
}
