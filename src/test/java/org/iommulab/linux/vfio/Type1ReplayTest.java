package org.iommulab.linux.vfio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.FakeUnit;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.process.Process;
import org.iommulab.memory.AddressRange;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.testing.Shared;
import org.iommulab.trace.CallTrace;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every call of a real program on Linux 6.12 ends the same way on our kernel. */
final class Type1ReplayTest {

  private static final long UNIT = 0xFED9_0000L;

  private static PciDevice device(String sid, String name) {
    return PciDevice.endpoint(SourceId.parse(sid).orElseThrow(), name);
  }

  private static PciDevice behindBridge(String sid, String name, String driver) {
    SourceId bridge = SourceId.of(0, 9, 0);
    return new PciDevice(
        SourceId.parse(sid).orElseThrow(),
        name,
        PciDevice.Kind.ENDPOINT,
        -1,
        List.of(bridge),
        bridge,
        PciDevice.Isolation.PATH,
        null,
        false,
        false,
        false,
        0,
        driver.isEmpty() ? null : driver,
        List.of());
  }

  private static PciDevice edu(String sid) {
    return new PciDevice(
        SourceId.parse(sid).orElseThrow(),
        "edu",
        PciDevice.Kind.ENDPOINT,
        -1,
        List.of(),
        null,
        PciDevice.Isolation.FULL,
        null,
        false,
        false,
        false,
        0,
        null,
        List.of(AddressRange.ofSize(0xFE00_0000L, 0x10_0000)));
  }

  private static Kernel kernel() {
    PhysicalMemory memory = PhysicalMemory.ofSize(8L << 30);
    var unit = new FakeUnit(memory, 0xD2008C222F0686L, 0xF00F4AL);
    var platform =
        new Platform(
            memory,
            Map.of(UNIT, unit),
            DmarFacts.single(48, UNIT),
            List.of(
                device("00:00.0", "host"),
                device("00:01.0", "vga"),
                device("00:02.0", "nvme"),
                device("00:09.0", "bridge"),
                edu("00:0a.0"),
                edu("00:0b.0"),
                behindBridge("01:03.0", "nic", "e1000"),
                behindBridge("01:04.0", "edu", "")),
            new CallTrace(),
            () -> 0L);
    return Kernel.boot(
            platform,
            BootOptions.of("intel_iommu=on")
                .withEra(Era.V6_12)
                .withContainer(BootOptions.VfioContainer.TYPE1))
        .kernel();
  }

  /** The program's memory: where the log's addresses lie, and what is special about each. */
  private static void memory(Process process) {
    MemoryOptions plain = MemoryOptions.PLAIN;
    place(process, 0x7ff1ac405000L, 0x100000, plain);
    place(process, 0x7ff1ac305000L, 0x100000, plain);
    place(process, 0x7ff1ac301000L, 0x1000, plain.asReadOnly());
    place(
        process,
        0x7ff1ac2fa000L,
        0x3000,
        plain.withHoles(List.of(new MemoryOptions.Hole(0x1000, 0x1000))));
    place(process, 0x7ff1ac2f2000L, 0x8000, plain);
    place(process, 0x7ff1abe00000L, 0x400000, plain.withPageSize(1 << 21));
    place(process, 0x7ff1a9e00000L, 0x2000000, plain);
    place(process, 0x7ff1a9600000L, 0x400000, plain.withPageSize(1 << 21));
    place(process, 0x7ff1a9500000L, 0x100000, plain);
    place(process, 0x7ff1a9200000L, 0x200000, plain.withPageSize(1 << 21));
    place(process, 0x7ff140000000L, 0x40000000, plain.withPageSize(1 << 30));
  }

  private static void place(Process process, long address, long length, MemoryOptions options) {
    assertThat(process.alloc(length, options.at(address)).cause()).isNull();
  }

  @Test
  void everyCallOfTheLogEndsAsOnLinux612() throws IOException {
    Optional<Path> captures = Shared.folder("captures");
    if (captures.isEmpty()) {
      return;
    }
    Path log = captures.get().resolve("vfio-k612/guest/vfio-calls.jsonl.gz");
    var replay = new CallLogReplay(kernel());
    memory(replay.process());
    var differences = new ArrayList<String>();
    var mapper = JsonMapper.builder().build();
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(log)), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        JsonNode node = mapper.readTree(line);
        String difference = replay.run(node);
        if (!difference.isEmpty()) {
          differences.add(difference);
        }
      }
    }
    assertThat(differences).isEmpty();
    replay.process().exit();
    assertThat(replay.process().memory().unpinned()).isTrue();
  }
}
