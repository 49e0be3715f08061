package org.iommulab.lab.expect;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.device.DeviceRegister;
import org.iommulab.lab.machine.MachineDevice;

/** A device as scripts see it: plain values by name. */
public final class DeviceFacts {

  private DeviceFacts() {}

  /** Registers with their fields, rings and counters of a device. */
  public static Map<String, Object> of(MachineDevice device) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("name", device.device().name());
    fields.put("rid", device.device().source().toString());
    fields.put("kind", device.device().kind().name().toLowerCase(Locale.ROOT));
    fields.put("activity", device.model().activity());
    var registers = new LinkedHashMap<String, Object>();
    for (DeviceRegister register : device.model().registers()) {
      registers.put(
          register.name(), Records.decoded(register.layout(), device.model().read(register)));
    }
    fields.put("registers", registers);
    fields.put("rings", Records.all(device.model().rings()));
    fields.put("counters", Records.fields(device.counters()));
    device.lastRefusal().ifPresent(refusal -> fields.put("refusal", Records.fields(refusal)));
    device.model().output().ifPresent(bytes -> fields.put("output", hex(bytes)));
    return fields;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
