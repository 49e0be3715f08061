package org.iommulab.lab.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.iommulab.lab.language.Command;
import org.iommulab.linux.boot.Era;
import org.iommulab.vtd.config.Profiles;

/**
 * The machine and the kernel a log was made on: QEMU's unit, the devices under test in groups of
 * the logged numbers, and a kernel of that age. What the log does not say is filled in.
 */
final class LogMachine {

  private static final long CAP = 0xD2008C222F0686L;
  private static final long CAP_39 = 0xD2008C22260286L;
  private static final long CAP_FIRST_STAGE = 0x81D2008C222F0686L;
  private static final long ECAP_FIRST_STAGE = 0x880000F00F4AL;
  private static final long ECAP = 0xF00F4AL;
  private static final long ECAP_SCALABLE = 0x480080F00F4AL;
  private static final long LAST_OF_39_BITS = (1L << 39) - 1;

  /** Where addresses end that a first stage of four levels translates. */
  private static final long LAST_OF_47_BITS = (1L << 47) - 1;

  private final CallLog log;
  private final List<Map<String, Object>> devices = new ArrayList<>();
  private final List<Map<String, Object>> bridges = new ArrayList<>();
  private final List<String> driven = new ArrayList<>();

  private LogMachine(CallLog log) {
    this.log = log;
  }

  /** The lines that start the machine and boot the kernel. */
  static List<Command> of(CallLog log, boolean scalable) {
    return new LogMachine(log).commands(scalable);
  }

  private List<Command> commands(boolean scalable) {
    place();
    var keys = new LinkedHashMap<String, Object>();
    keys.put("board", "laboratory");
    CallLog.Unit unit = unit(scalable);
    keys.put("profile", unit.firstStage() ? Profiles.QEMU_11_1 : Profiles.QEMU_7_2);
    keys.put("cap", unit.cap());
    keys.put("ecap", unit.ecap());
    keys.put("devices", devices);
    keys.put("bridges", bridges);
    var commands = new ArrayList<Command>();
    commands.add(new Command.StartMachine(keys));
    Map<String, Object> options =
        Map.of(
            "kconfig", Map.of("IOMMUFD_VFIO_CONTAINER", compat()),
            "firmware", Map.of("bars", bars(), "no_reset", withoutReset()));
    String line =
        !log.cmdline().isEmpty()
            ? log.cmdline()
            : unit.scalable() ? "intel_iommu=on,sm_on" : "intel_iommu=on";
    commands.add(new Command.LinuxBoot(line, walker(), era().version(), options));
    for (String device : driven) {
      commands.add(
          new Command.Call(
              "sysfs_write",
              Map.of("path", "/sys/bus/pci/drivers/8139cp/bind", "value", "0000:" + device),
              null));
    }
    return commands;
  }

  /**
   * What the log says about the unit; else a unit of QEMU whose addresses end where the log's do.
   */
  private CallLog.Unit unit(boolean scalable) {
    CallLog.Unit told = log.unit();
    if (told != null) {
      return told;
    }
    long last = lastAddress();
    if (last == LAST_OF_47_BITS) {
      return new CallLog.Unit(CAP_FIRST_STAGE, ECAP_FIRST_STAGE);
    }
    return new CallLog.Unit(
        last == LAST_OF_39_BITS ? CAP_39 : CAP, scalable ? ECAP_SCALABLE : ECAP);
  }

  // ---- devices and groups -----------------------------------------------------------------------

  /** Groups are numbered as functions are found, so the gaps between known ones are filled. */
  private void place() {
    var byGroup = new TreeMap<Integer, List<CallLog.Device>>();
    for (CallLog.Device device : log.devices()) {
      byGroup.computeIfAbsent(device.group(), group -> new ArrayList<>()).add(device);
    }
    boolean someGroupIsInUse = log.calls().stream().anyMatch(LogMachine::meetsGroupInUse);
    int slot = 0;
    int last = byGroup.isEmpty() ? -1 : byGroup.lastKey();
    for (int group = 0; group <= last; group++) {
      List<CallLog.Device> members = byGroup.getOrDefault(group, List.of());
      if (members.isEmpty()) {
        devices.add(
            Map.of("name", "other" + group, "at", String.format(Locale.ROOT, "00:%02x.0", slot++)));
        continue;
      }
      for (CallLog.Device device : members) {
        String address = device.address();
        if (address.startsWith("00:")) {
          slot = Integer.parseInt(address.substring(3, 5), 16) + 1;
        } else {
          slot = bridge(address.substring(0, 2), slot, someGroupIsInUse);
        }
        devices.add(Map.of("name", "edu" + group + "_" + devices.size(), "at", address));
      }
    }
  }

  /** The window of a device under test, as large as the log tells. */
  private List<Object> bars() {
    for (LoggedCall call : log.calls()) {
      long bytes = LoggedCall.numberOf(call.out().get("size"));
      boolean first =
          call.call().equals("VFIO_DEVICE_GET_REGION_INFO") && call.number("index") == 0;
      if (first && bytes > 0 && Long.bitCount(bytes) == 1 && bytes <= 16 << 20) {
        return log.devices().stream()
            .<Object>map(device -> Map.of("device", device.address(), "bytes", bytes))
            .toList();
      }
    }
    return List.of();
  }

  /** The devices under test, if the kernel told that they cannot be reset. */
  private List<Object> withoutReset() {
    boolean fixed =
        log.calls().stream()
            .filter(call -> call.call().equals("VFIO_DEVICE_GET_INFO") && !call.failed())
            .anyMatch(call -> (LoggedCall.numberOf(call.out().get("flags")) & 1) == 0);
    return fixed ? log.devices().stream().<Object>map(CallLog.Device::address).toList() : List.of();
  }

  private static boolean meetsGroupInUse(LoggedCall call) {
    boolean status = call.call().equals("VFIO_GROUP_GET_STATUS");
    return call.errno().equals("EPERM")
        || (status && LoggedCall.numberOf(call.out().get("flags")) == 0);
  }

  private int bridge(String bus, int slot, boolean inUse) {
    int number = Integer.parseInt(bus, 16);
    if (bridges.stream().anyMatch(bridge -> Long.valueOf(number).equals(bridge.get("secondary")))) {
      return slot;
    }
    bridges.add(
        Map.of(
            "name",
            "bridge" + bus,
            "at",
            String.format(Locale.ROOT, "00:%02x.0", slot),
            "secondary",
            (long) number,
            "kind",
            "pci_to_pci"));
    if (inUse) {
      String neighbour = bus + ":1f.0";
      devices.add(Map.of("name", "neighbour" + bus, "at", neighbour));
      driven.add(neighbour);
    }
    return slot + 1;
  }

  // ---- kernel -----------------------------------------------------------------------------------

  /** The latest age not after the log's kernel; of a log that does not say, the common one. */
  Era era() {
    return Era.notAfter(log.kernel()).orElse(Era.V6_12);
  }

  private String walker() {
    return era().atLeast(Era.V6_19) ? "generic_pt" : "classic";
  }

  /** {@code /dev/vfio/vfio} is iommufd's if it tells about no IOMMU as only that one does. */
  private boolean compat() {
    for (LoggedCall call : log.calls()) {
      boolean tells =
          call.call().equals("VFIO_CHECK_EXTENSION")
              || call.call().equals("VFIO_SET_IOMMU")
              || call.call().startsWith("VFIO_IOMMU_");
      if (tells && call.errno().equals("ENODEV") && !type99(call)) {
        return true;
      }
    }
    return false;
  }

  /** The classic container says ENODEV too, but only to a type it does not know. */
  private static boolean type99(LoggedCall call) {
    return call.call().equals("VFIO_SET_IOMMU")
        && call.number("type") != 1
        && call.number("type") != 3;
  }

  /** The end of the highest range that the kernel told the program; 0 if it told none. */
  private long lastAddress() {
    long highest = 0;
    for (LoggedCall call : log.calls()) {
      for (List<Long> pair : LoggedCall.pairs(flat(call.out()))) {
        long end = pair.get(1);
        highest = end > highest ? end : highest;
      }
    }
    return highest;
  }

  /** The ranges of a capability chain lie one level deeper. */
  static Map<String, Object> flat(Map<String, Object> out) {
    var flat = new LinkedHashMap<>(out);
    if (out.get("caps") instanceof List<?> caps) {
      for (Object cap : caps) {
        if (cap instanceof Map<?, ?> fields && fields.get("iova_ranges") instanceof List<?> list) {
          flat.put("iova_ranges", list);
        }
      }
    }
    return flat;
  }
}
