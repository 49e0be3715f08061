package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.GroupView;
import org.junit.jupiter.api.Test;

/** Which functions end up in one group, by what lies between them; linux: pci_device_group(). */
final class TopologyGroupsTest {

  private final ScriptedLab script = new ScriptedLab();

  private void boot(String bridges, String devices) {
    Map<String, Object> result =
        script.run("{'op':'machine','bridges':[" + bridges + "],'devices':[" + devices + "]}");
    assertThat(result).doesNotContainKey("firmware_findings");
    script.run("{'op':'linux.boot','cmdline':'intel_iommu=on'}");
  }

  private List<String> groupOf(String id) {
    SourceId source = SourceId.parse(id).orElseThrow();
    return script.kernel().groups().stream()
        .map(GroupView::devices)
        .filter(devices -> devices.contains(source))
        .flatMap(List::stream)
        .map(SourceId::toString)
        .toList();
  }

  @Test
  void deviceBehindPortsWithAcsIsAlone() {
    boot(
        "{'at':'00:1c.0','name':'p','secondary':1}",
        "{'at':'01:00.0','name':'a'},{'at':'00:02.0','name':'b'}");
    assertThat(groupOf("01:00.0")).containsExactly("01:00.0");
    assertThat(groupOf("00:02.0")).containsExactly("00:02.0");
  }

  @Test
  void portWithoutAcsJoinsWhatIsBehindIt() {
    boot(
        "{'at':'00:1c.0','name':'p','secondary':1,'acs':false}",
        "{'at':'01:00.0','name':'a'},{'at':'01:00.1','name':'b'}");
    assertThat(groupOf("01:00.0")).containsExactly("00:1c.0", "01:00.0", "01:00.1");
  }

  @Test
  void functionsWithoutAcsShareTheGroupOfTheirSlot() {
    boot(
        "",
        "{'at':'00:03.0','name':'a','acs':false},{'at':'00:03.1','name':'b','acs':false},"
            + "{'at':'00:03.2','name':'c'},{'at':'00:04.0','name':'d','acs':false}");
    assertThat(groupOf("00:03.0")).containsExactly("00:03.0", "00:03.1");
    assertThat(groupOf("00:03.2")).containsExactly("00:03.2");
    assertThat(groupOf("00:04.0")).containsExactly("00:04.0");
  }

  @Test
  void switchWithAcsOnEveryPortKeepsItsDevicesApart() {
    String ports =
        "{'at':'00:1c.0','name':'rp','secondary':1,'subordinate':4},"
            + "{'at':'01:00.0','name':'up','kind':'switch_upstream','secondary':2,'subordinate':4},"
            + "{'at':'02:00.0','name':'d0','kind':'switch_downstream','secondary':3},"
            + "{'at':'02:01.0','name':'d1','kind':'switch_downstream','secondary':4%s}";
    String devices = "{'at':'03:00.0','name':'a'},{'at':'04:00.0','name':'b'}";
    boot(String.format(Locale.ROOT, ports, ""), devices);
    assertThat(groupOf("03:00.0")).containsExactly("03:00.0");
    assertThat(groupOf("04:00.0")).containsExactly("04:00.0");
  }

  @Test
  void phantomIdsAreMappedWithTheDeviceAndTakenFromIt() {
    boot("", "{'at':'00:05.0','name':'sata','phantoms':['00:05.1']}");
    script.run(
        "{'op':'call','fn':'kmalloc','args':{'size':4096},'as':'buf'}",
        "{'op':'call','fn':'dma_map_single','args':{'dev':'sata','ptr':'buf','size':64,"
            + "'dir':'DMA_BIDIRECTIONAL'},'as':'io'}");
    String iova = script.lab().view().last().orElseThrow().result().fields().get("ret").toString();
    script.run("{'op':'dma.write','rid':'00:05.1','iova':'" + iova + "','data':'01'}");
    script.expect("result.st", "'done'");
    script.run("{'op':'dma.write','rid':'sata','iova':'" + iova + "','data':'01'}");
    script.expect("result.st", "'done'");
  }

  @Test
  void virtualFunctionsAreAloneAndServedByTheUnitOfTheirPhysicalFunction() {
    script.run(
        "{'op':'machine','bridges':[{'at':'00:1c.0','name':'p','secondary':1}],"
            + "'devices':[{'at':'01:00.0','name':'nic','kind':'nic','vfs':3}],"
            + "'units':[{'scope':['nic']},{}]}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on'}",
        "{'op':'dma.write','rid':'nic.vf2','iova':'0x5000','data':'00'}");
    assertThat(groupOf("01:02.2")).containsExactly("01:02.2");
    script.expect("counters(0).faults", "1");
    script.expect("counters(1).faults", "0");
  }

  @Test
  void deviceAtAnExternalPortIsTranslatedEvenWithPassThrough() {
    script.run(
        "{'op':'machine','pass_through':true,"
            + "'bridges':[{'at':'00:1c.0','name':'tb','secondary':1,'external':true}],"
            + "'devices':[{'at':'01:00.0','name':'guest'},{'at':'00:02.0','name':'own'}]}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on iommu=pt'}",
        "{'op':'dma.write','rid':'own','iova':'0x200000','data':'01'}");
    script.expect("result.st", "'done'");
    script.run("{'op':'dma.write','rid':'guest','iova':'0x200000','data':'01'}");
    script.expect("result.st", "'blocked'");
  }

  @Test
  void interruptsOfAnIoApicGoThroughTheUnitThatListsIt() {
    script.run(
        "{'op':'machine','intremap':true,"
            + "'devices':[{'at':'f0:1f.0','name':'apic','kind':'ioapic'},"
            + "{'at':'00:02.0','name':'gpu','kind':'gpu'}],"
            + "'units':[{'scope':['gpu','apic']},{}]}",
        "{'op':'msi','rid':'apic','addr':'0xfee00000','data':49}",
        "{'op':'irq.read'}");
    script.expect("result.irqs[0].vector", "49");
    assertThat(script.refusal("{'op':'device.state','dev':'apic'}"))
        .isEqualTo("apic has no registers; it sends interrupts only");
  }
}
