package org.iommulab.peer.exec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iommulab.bus.PciDevice;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Complaint;
import org.iommulab.lab.language.Json;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.run.boot.BootKeys;
import org.iommulab.lab.script.Script;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** What a real program meets where nobody has said otherwise. */
public final class ProgramMachine {

  /** Which Linux the kernel is by itself. */
  public static final String ERA = "7.3";

  private static final int BAR_BYTES = 1 << 16;

  private ProgramMachine() {}

  /**
   * The laboratory's board, its first card with a virtual function, an I/OAT engine and a 82576
   * with a loopback plug.
   */
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
                Map.of("name", "ioat", "at", "00:06.0", "kind", "ioat"),
                Map.of("name", "igb", "at", "00:07.0", "kind", "igb", "plug", true))));
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

  /**
   * Sets machine and kernel up in a laboratory.
   *
   * @param script what somebody wants instead of {@link #board}, or null; a kernel is booted if it
   *     boots none
   * @param era which Linux is booted then
   * @return why that cannot be, in one sentence; empty if it could
   */
  public static Optional<String> setUp(Laboratory laboratory, @Nullable Script script, String era) {
    List<Command> commands = script == null ? List.of(board()) : script.commands();
    for (Command one : commands) {
      if (laboratory.execute(one) instanceof Result.Refused(Bilingual sentence)) {
        return Optional.of(one.op() + ": " + sentence);
      }
    }
    if (laboratory.view().kernel().isEmpty()) {
      Command boot = boot(laboratory, era);
      if (laboratory.execute(boot) instanceof Result.Refused(Bilingual sentence)) {
        return Optional.of(boot.op() + ": " + sentence);
      }
    }
    return Optional.empty();
  }

  /**
   * Says which kernel stands for a version that shows no behaviour of its own; empty if it does.
   *
   * @throws Complaint if there is no Linux of that version
   */
  public static Optional<String> standIn(String era) throws Complaint {
    return Optional.ofNullable(BootKeys.stoodFor(era));
  }

  private static Command command(Map<String, Object> fields) {
    return switch (Command.parse(Json.write(fields))) {
      case Reading.Good<Command>(Command command) -> command;
      case Reading.Bad<Command>(Bilingual sentence) ->
          throw new IllegalStateException(sentence.english());
    };
  }
}
