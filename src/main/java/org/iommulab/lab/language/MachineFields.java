package org.iommulab.lab.language;

import java.util.List;
import java.util.stream.Stream;
import org.iommulab.vtd.config.MachineOption;

/** The keys of a machine line, and of the units, devices, bridges and regions it lists. */
public final class MachineFields {

  private static final List<Field> CACHE =
      List.of(
          Field.of("sets", Kind.NUMBER).between(1, 4096),
          Field.of("ways", Kind.NUMBER).between(1, 4096),
          Field.choice("policy", "lru", "plru", "fifo", "random").optional());

  /** The keys that shape a unit: on a machine line they are for all its units. */
  public static final List<Field> UNIT_SHAPE =
      Stream.of(
              List.of(text("profile"), Field.choice("aw_bits", 39L, 48L, 57L).optional()),
              Stream.of(MachineOption.values()).map(option -> flag(option.key())).toList(),
              List.of(
                  Field.of("pasid_bits", Kind.NUMBER).between(0, 20).optional(),
                  Field.of("version", Kind.NUMBER).between(0, 0xFF).optional(),
                  number("cap"),
                  number("ecap"),
                  cache("iotlb"),
                  cache("context_cache"),
                  cache("pasid_cache"),
                  cache("paging_cache"),
                  cache("interrupt_cache"),
                  flag("hold_writes"),
                  flag("answers")))
          .flatMap(List::stream)
          .toList();

  /** The keys of one of the units. */
  public static final List<Field> UNIT =
      Stream.concat(
              Stream.of(number("base"), number("segment"), texts("scope")), UNIT_SHAPE.stream())
          .toList();

  /** The keys of one of the devices. */
  public static final List<Field> DEVICE =
      List.of(
          text("name"),
          Field.of("at", Kind.TEXT),
          Field.choice(
                  "kind", "engine", "nic", "nvme", "gpu", "legacy", "rogue", "ioat", "igb", "usb",
                  "ioapic", "hpet")
              .optional(),
          number("dma_bits"),
          flag("ats"),
          flag("pri"),
          number("pasid_bits"),
          flag("acs"),
          texts("phantoms"),
          number("vfs"),
          number("vf_offset"),
          flag("plug"));

  /** The keys of one of the bridges. */
  public static final List<Field> BRIDGE =
      List.of(
          text("name"),
          Field.of("at", Kind.TEXT),
          Field.choice(
                  "kind",
                  "root_port",
                  "switch_upstream",
                  "switch_downstream",
                  "pcie_to_pci",
                  "pci_to_pci")
              .optional(),
          Field.of("secondary", Kind.NUMBER),
          number("subordinate"),
          flag("acs"),
          flag("external"));

  /** The keys of one of the reserved regions. */
  public static final List<Field> RESERVED =
      List.of(
          Field.of("base", Kind.NUMBER),
          Field.of("limit", Kind.NUMBER),
          number("segment"),
          texts("devices"));

  /** The keys of a machine line. */
  public static final List<Field> MACHINE =
      Stream.of(
              List.of(
                  text("name"),
                  text("note"),
                  texts("tags"),
                  Field.choice("board", "script", "laboratory", "client").optional()),
              UNIT_SHAPE,
              List.of(
                  Field.object("units", Kind.OBJECTS, UNIT).optional(),
                  Field.object("devices", Kind.OBJECTS, DEVICE).optional(),
                  Field.object("bridges", Kind.OBJECTS, BRIDGE).optional(),
                  Field.object("reserved", Kind.OBJECTS, RESERVED).optional()))
          .flatMap(List::stream)
          .toList();

  private MachineFields() {}

  private static Field flag(String name) {
    return Field.of(name, Kind.FLAG).optional();
  }

  private static Field number(String name) {
    return Field.of(name, Kind.NUMBER).optional();
  }

  private static Field text(String name) {
    return Field.of(name, Kind.TEXT).optional();
  }

  private static Field texts(String name) {
    return Field.of(name, Kind.TEXTS).optional();
  }

  private static Field cache(String name) {
    return Field.object(name, Kind.OBJECT, CACHE).orOneOf("none", "unbounded").optional();
  }
}
