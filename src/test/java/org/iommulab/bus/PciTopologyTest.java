package org.iommulab.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.bus.PciBridge.Kind;
import org.iommulab.bus.PciDevice.Abilities;
import org.junit.jupiter.api.Test;

/**
 * The functions of these tests.
 *
 * <pre>
 *   00:02.0 gpu
 *   00:1c.0 port (ACS) ── bus 01: 01:00.0 nic, 01:02.0 its virtual function
 *   00:1d.0 open (no ACS) ── bus 02: 02:00.0 disk
 *   00:1e.0 port3 (ACS) ── bus 03: 03:00.0 PCIe-to-PCI ── bus 04: 04:01.0 old
 *                                                         └ 04:02.0 PCI-to-PCI ── bus 05: 05:00.0 ancient
 * </pre>
 */
final class PciTopologyTest {

  private static final SourceId NIC = id("01:00.0");
  private static final SourceId DISK = id("02:00.0");
  private static final SourceId OLD = id("04:01.0");
  private static final SourceId ANCIENT = id("05:00.0");

  private static final List<PciBridge> BRIDGES =
      List.of(
          bridge("00:1c.0", "port", Kind.ROOT_PORT, 1, 1, true),
          bridge("00:1d.0", "open", Kind.ROOT_PORT, 2, 2, false),
          bridge("00:1e.0", "port3", Kind.ROOT_PORT, 3, 5, true),
          bridge("03:00.0", "pcie2pci", Kind.PCIE_TO_PCI, 4, 5, false),
          bridge("04:02.0", "pci2pci", Kind.PCI_TO_PCI, 5, 5, false));

  private static final List<PciDevice> DEVICES =
      List.of(
          PciDevice.engine(id("00:02.0")),
          PciDevice.engine(NIC),
          PciDevice.engine(id("01:02.0")).with(Abilities.PLAIN.asVirtualFunctionOf(NIC)),
          PciDevice.engine(DISK),
          PciDevice.engine(OLD),
          PciDevice.engine(ANCIENT));

  private static final PciTopology TOPOLOGY = new PciTopology(BRIDGES, DEVICES);

  private static SourceId id(String text) {
    return SourceId.parse(text).orElseThrow();
  }

  private static PciBridge bridge(
      String at, String name, Kind kind, int secondary, int subordinate, boolean acs) {
    return new PciBridge(id(at), name, kind, secondary, subordinate, acs, false);
  }

  @Test
  void deviceBehindPortsSendsItsOwnId() {
    assertThat(TOPOLOGY.requester(NIC)).isEqualTo(NIC);
    assertThat(TOPOLOGY.requesters(NIC)).containsExactly(NIC);
  }

  @Test
  void conventionalBusHidesWhoSends() {
    assertThat(TOPOLOGY.requester(OLD)).isEqualTo(id("04:00.0"));
    assertThat(TOPOLOGY.requesters(OLD)).containsExactly(OLD, id("04:00.0"));
  }

  @Test
  void bridgeInsideConventionalPciSendsItsOwnIdUpToTheExpressBridge() {
    assertThat(TOPOLOGY.requesters(ANCIENT)).containsExactly(ANCIENT, id("04:02.0"), id("04:00.0"));
  }

  @Test
  void phantomIdsAreAmongTheRequesters() {
    SourceId phantom = id("00:02.1");
    var quirky =
        PciDevice.engine(id("00:02.0")).with(Abilities.PLAIN.withPhantoms(List.of(phantom)));
    assertThat(new PciTopology(List.of(), List.of(quirky)).requesters(quirky.source()))
        .containsExactly(quirky.source(), phantom);
  }

  @Test
  void pathIsIsolatedOnlyThroughPortsWithAcs() {
    assertThat(TOPOLOGY.isPathIsolated(NIC)).isTrue();
    assertThat(TOPOLOGY.isPathIsolated(DISK)).isFalse();
    assertThat(TOPOLOGY.isPathIsolated(OLD)).isFalse();
    assertThat(TOPOLOGY.isPathIsolated(id("00:02.0"))).isTrue();
  }

  @Test
  void virtualFunctionHangsWhereItsPhysicalFunctionDoes() {
    assertThat(TOPOLOGY.pathToRoot(id("01:02.0"))).isEqualTo(TOPOLOGY.pathToRoot(NIC));
  }

  @Test
  void whatFitsTogetherHasNoFindings() {
    assertThat(TOPOLOGY.findings()).isEmpty();
  }

  @Test
  void impossibleBusesAreNamed() {
    var backwards = bridge("05:00.0", "back", Kind.ROOT_PORT, 3, 3, true);
    var twin = bridge("00:1f.0", "twin", Kind.ROOT_PORT, 1, 1, true);
    var first = bridge("00:1c.0", "port", Kind.ROOT_PORT, 1, 1, true);
    assertThat(new PciTopology(List.of(backwards), List.of()).findings())
        .extracting(Object::toString)
        .containsExactly(
            "back is on bus 05 and leads to bus 03; the bus behind a bridge has a higher number");
    assertThat(new PciTopology(List.of(first, twin), List.of()).findings())
        .extracting(Object::toString)
        .containsExactly("port and twin both lead to bus 01");
  }

  @Test
  void bridgesInACircleEndThePath() {
    var one = bridge("02:00.0", "one", Kind.ROOT_PORT, 1, 1, true);
    var two = bridge("01:00.0", "two", Kind.ROOT_PORT, 2, 2, true);
    var circle = new PciTopology(List.of(one, two), List.of());
    assertThat(circle.pathToRoot(id("01:03.0"))).hasSize(2);
    assertThat(circle.findings()).isNotEmpty();
  }

  @Test
  void segmentsDoNotMix() {
    SourceId far = NIC.inSegment(1);
    assertThat(TOPOLOGY.pathToRoot(far)).isEmpty();
    assertThat(far).hasToString("0001:01:00.0");
    assertThat(SourceId.parse("0001:01:00.0")).contains(far);
    assertThat(far).isNotEqualTo(NIC);
  }
}
