package org.iommulab.peer.exec;

import java.util.List;
import java.util.Map;
import org.iommulab.bus.PciDevice;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Reading;

/** What a real program meets where nobody has said otherwise. */
public final class ProgramMachine {

  private static final int BAR_BYTES = 1 << 16;

  private ProgramMachine() {}

  /** The laboratory's board, its first card with a virtual function, and an I/OAT engine. */
  public static Command board() {
    return command(
        Map.of(
            "op",
            "machine",
            "board",
            "laboratory",
            "devices",
            List.of(
                Map.of("name", "nic", "at", "00:03.0", "kind", "nic", "vfs", 1, "vf_offset", 128),
                Map.of("name", "old", "at", "00:04.0", "kind", "legacy"),
                Map.of("name", "rogue", "at", "00:05.0", "kind", "rogue"),
                Map.of("name", "ioat", "at", "00:06.0", "kind", "ioat"))));
  }

  /**
   * A boot of the machine that a laboratory has, with classic containers and a BAR for each device.
   *
   * @param era which Linux it is
   */
  public static Command boot(Laboratory laboratory, String era) {
    List<PciDevice> devices =
        laboratory.view().machine().map(machine -> machine.devices()).orElse(List.of());
    List<Object> bars =
        devices.stream()
            .filter(device -> device.kind().isPci() && device.physicalFunction().isEmpty())
            .<Object>map(device -> Map.of("device", device.source().toString(), "bytes", BAR_BYTES))
            .toList();
    return command(
        Map.of(
            "op",
            "linux.boot",
            "cmdline",
            "intel_iommu=on",
            "era",
            era,
            "kconfig",
            Map.of("IOMMUFD_VFIO_CONTAINER", false),
            "firmware",
            Map.of("bars", bars)));
  }

  private static Command command(Map<String, Object> fields) {
    return switch (Command.parse(Json.write(fields))) {
      case Reading.Good<Command>(Command command) -> command;
      case Reading.Bad<Command>(String sentence) -> throw new IllegalStateException(sentence);
    };
  }
}
