package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.BootOptions;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.Platform;
import org.iommulab.linux.boot.DmarFacts;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.pci.PciDevice;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.testing.Shared;
import org.iommulab.trace.CallTrace;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.Profiles;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the driver writes for the devices of captured machines is, addresses and domain ids apart,
 * what Linux 6.12 wrote for them in scalable mode.
 */
final class RealKernelShapeTest {

  private static final long BASE = 0xFED9_0000L;
  private static final long IN_PAGE = 0xFFF;
  private static final long WITHOUT_ID = ~0xFFFFL;

  private static JsonNode truth(String snapshot) throws IOException {
    Path file = Shared.file("captures/" + snapshot + "/truth.json.gz").orElse(null);
    if (file == null) {
      return JsonMapper.shared().createObjectNode();
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return JsonMapper.shared().readTree(in);
    }
  }

  private static SourceId id(JsonNode node) {
    return SourceId.parse(node.get("bdf").asString()).orElseThrow();
  }

  private static long quadword(JsonNode entry, int index) {
    return Long.decode(entry.get("qwords").get(index).asString());
  }

  private static long register(JsonNode truth, String name) {
    String value = truth.get("registers").get("registers").get(name).get("value").asString();
    return Long.parseUnsignedLong(value.substring(2), 16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "scalable/snap-idle",
        "scalable/snap-changed",
        "iommufd-scalable/snap-iommufd-bound",
        "iommufd-scalable/snap-iommufd-end"
      })
  void contextAndPasidEntriesAreLinuxs(String snapshot) throws IOException {
    JsonNode truth = truth(snapshot);
    if (truth.isEmpty()) {
      return;
    }
    var memory = PhysicalMemory.ofSize(1L << 30);
    var unit =
        new RemappingUnit(
            Profiles.spec(
                new Capabilities(register(truth, "CAP"), register(truth, "ECAP"), 0x10, 48)),
            memory,
            (address, data) -> {});
    var devices = new ArrayList<PciDevice>();
    for (JsonNode context : truth.get("contexts")) {
      boolean ats = context.get("dte").asInt() == 1;
      SourceId sid = id(context);
      devices.add(PciDevice.endpoint(sid, sid.toString()).withTranslation(ats, false, 0));
    }
    Kernel kernel = boot(memory, unit, devices);
    var process = kernel.createProcess("root");
    for (JsonNode entry : truth.get("pasids")) {
      if (entry.get("pgtt").asInt() == 4) {
        int group = kernel.iommu().device(id(entry)).group().id();
        process.writeFile("/sys/kernel/iommu_groups/" + group + "/type", "identity");
      }
    }
    for (JsonNode context : truth.get("contexts")) {
      long[] ours = context(memory, unit, id(context));
      assertThat(ours[0] & IN_PAGE)
          .as("context %s", id(context))
          .isEqualTo(quadword(context, 0) & IN_PAGE);
      for (int i = 1; i < 4; i++) {
        assertThat(ours[i]).isEqualTo(quadword(context, i));
      }
    }
    for (JsonNode entry : truth.get("pasids")) {
      long[] ours = pasid(memory, context(memory, unit, id(entry))[0]);
      assertThat(ours[0] & IN_PAGE)
          .as("PASID entry %s", id(entry))
          .isEqualTo(quadword(entry, 0) & IN_PAGE);
      assertThat(ours[1] & WITHOUT_ID).isEqualTo(quadword(entry, 1) & WITHOUT_ID);
      for (int i = 2; i < 8; i++) {
        assertThat(ours[i]).isEqualTo(quadword(entry, i));
      }
    }
  }

  private static Kernel boot(PhysicalMemory memory, RemappingUnit unit, List<PciDevice> devices) {
    var result =
        Kernel.boot(
            new Platform(
                memory,
                Map.of(BASE, unit),
                DmarFacts.single(48, BASE),
                devices,
                new CallTrace(),
                () -> 0L),
            BootOptions.of("intel_iommu=on,sm_on").withEra(Era.V6_12));
    assertThat(result.problem()).isNull();
    return result.kernel();
  }

  private static long[] context(PhysicalMemory memory, RemappingUnit unit, SourceId sid) {
    long root = unit.read(0x20, 8) & -4096L;
    long half = root + sid.bus() * 16L + (sid.devfn() >= 0x80 ? 8 : 0);
    long entry = (memory.readQword(half) & -4096L) + (sid.devfn() & 0x7F) * 32L;
    return quadwords(memory, entry, 4);
  }

  private static long[] pasid(PhysicalMemory memory, long context) {
    return quadwords(memory, memory.readQword(context & -4096L) & -4096L, 8);
  }

  private static long[] quadwords(PhysicalMemory memory, long address, int count) {
    long[] words = new long[count];
    for (int i = 0; i < count; i++) {
      words[i] = memory.readQword(address + i * 8L);
    }
    return words;
  }
}
