package org.iommulab.ui.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BenchTreeTest {

  private final Texts texts = new Texts(Locale.ENGLISH);
  private final LabDouble lab = LabDouble.after(List.of());

  @AfterEach
  void close() {
    lab.close();
  }

  private List<BenchNode> lines() {
    return BenchTree.lines(lab.ask(BenchFacts::of), texts);
  }

  private static Optional<BenchNode> find(List<BenchNode> lines, String key) {
    for (BenchNode line : lines) {
      Optional<BenchNode> found =
          line.key().equals(key) ? Optional.of(line) : find(line.children(), key);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private BenchNode line(String key) {
    return find(lines(), key).orElseThrow(() -> new AssertionError("no line " + key));
  }

  private void client() {
    lab.run(new Command.StartMachine(Map.of("board", "client")));
  }

  @Test
  void eachUnitHasTheDevicesItServes() {
    client();
    assertThat(find(List.of(line("unit-0")), "device-00:02.0")).isPresent();
    assertThat(find(List.of(line("unit-0")), "device-01:00.0")).isEmpty();
    assertThat(find(List.of(line("unit-1")), "device-01:00.0")).isPresent();
  }

  @Test
  void devicesStandBehindTheirBridges() {
    client();
    assertThat(find(line("bridge-00:1c.0").children(), "device-01:00.0")).isPresent();
    assertThat(line("bridge-00:1e.0").explanation()).contains("carry the id 03:00.0");
  }

  @Test
  void choosingADeviceBringsItsUnitToTheFront() {
    client();
    assertThat(line("device-01:00.0").unit()).isEqualTo(1);
    assertThat(line("unit-0").words()).contains("shown");
    assertThat(line("unit-1").words()).doesNotContain("shown");
  }

  @Test
  void bridgeThatTranslatesForItselfIsOneLine() {
    client();
    lab.run(new Command.LinuxBoot("intel_iommu=on", "classic", null, Map.of()));
    assertThat(find(lines(), "device-00:1c.0")).isEmpty();
  }

  @Test
  void oneUnitNeedsNoMark() {
    assertThat(line("unit-0").words()).doesNotContain("shown");
  }

  @Test
  void objectTellsWhoHoldsItAndWhyDestroyingItWouldBeRefused() {
    lab.ask(view -> 0);
    for (Command command : Presets.named("vfio-dma-map").orElseThrow().script().commands()) {
      lab.run(command);
    }
    BenchNode object = line("process-1000-fd-3-object-1");
    assertThat(object.startsOpen()).isFalse();
    BenchNode verdict = find(object.children(), "process-1000-fd-3-object-1-destroy").orElseThrow();
    assertThat(verdict.words()).startsWith("✕ Destroying it would be refused: ");
  }

  @Test
  void deviceTellsWhatItDoesByItself() {
    client();
    BenchNode device = line("device-01:00.0");
    assertThat(device.startsOpen()).isFalse();
    assertThat(find(device.children(), "device-01:00.0-activity")).isPresent();
  }

  @Test
  void groupsTellTheirDefaultDomain() {
    client();
    lab.run(new Command.LinuxBoot("intel_iommu=on", "classic", null, Map.of()));
    assertThat(line("group-0").words()).contains("DMA");
    assertThat(line("groups").startsOpen()).isFalse();
  }
}
