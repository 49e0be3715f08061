package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.bus.SourceId;
import org.iommulab.linux.iommu.ReservedRegion;
import org.junit.jupiter.api.Test;

/** Machines with several units, bridges and segments, as scripts build them. */
final class TwoUnitsTest {

  private final ScriptedLab script = new ScriptedLab();

  @Test
  void kernelBringsUpEveryUnitOfTheTable() {
    script.run(
        "{'op':'machine','board':'client'}", "{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    script.expect("reg(GSTS).TES", "1");
    script.expect("reg(GSTS,1).TES", "1");
    script.expect("log~\"DRHD base: 0x000000fed90000 flags: 0x0\"", "true");
    script.expect("log~\"DRHD base: 0x000000fed91000 flags: 0x1\"", "true");
    script.expect("log~\"RMRR base: 0x000000bf800000\"", "true");
  }

  @Test
  void eachDeviceIsTranslatedByTheUnitThatListsIt() {
    script.run(
        "{'op':'machine','board':'client'}", "{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    script.run("{'op':'dma.write','rid':'igpu','iova':'0x5000','data':'00'}");
    assertThat(script.lab().view().machine().orElseThrow().units().get(0).counters().faults())
        .isOne();
    assertThat(script.lab().view().machine().orElseThrow().units().get(1).counters().faults())
        .isZero();
    script.run("{'op':'dma.write','rid':'nic','iova':'0x5000','data':'00'}");
    assertThat(script.lab().view().machine().orElseThrow().units().get(1).counters().faults())
        .isOne();
    script.expect("fault(igpu,5,0x5000)[0].source", "'00:02.0'");
    script.expect("fault(nic,5,0x5000)[0].source", "'01:00.0'");
  }

  @Test
  void graphicsReachTheirReservedMemoryAndOthersDoNot() {
    script.run(
        "{'op':'machine','board':'client'}", "{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    script.run("{'op':'dma.write','rid':'igpu','iova':'0xbf800000','data':'2a'}");
    script.expect("result.st", "'done'");
    script.run("{'op':'dma.write','rid':'nic','iova':'0xbf800000','data':'2b'}");
    script.expect("result.st", "'blocked'");
  }

  @Test
  void reservedMemoryOfUsbAndGraphicsIsRelaxableAndThatOfOthersIsNot() {
    script.run(
        "{'op':'machine','devices':[{'at':'00:02.0','name':'screen','kind':'gpu'},"
            + "{'at':'00:03.0','name':'keys','kind':'usb'},"
            + "{'at':'00:04.0','name':'disk','kind':'nvme'}],"
            + "'reserved':[{'base':'0x7f000000','limit':'0x7f000fff',"
            + "'devices':['screen','keys','disk']}]}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    assertThat(directType(2)).isEqualTo(ReservedRegion.Type.DIRECT_RELAXABLE);
    assertThat(directType(3)).isEqualTo(ReservedRegion.Type.DIRECT_RELAXABLE);
    assertThat(directType(4)).isEqualTo(ReservedRegion.Type.DIRECT);
  }

  private ReservedRegion.Type directType(int slot) {
    var device = script.kernel().iommu().device(SourceId.of(0, slot, 0));
    return device.ops().reservedRegions(device).getFirst().type();
  }

  @Test
  void cardsBehindOneConventionalBridgeShareGroupAndRequesterId() {
    script.run(
        "{'op':'machine','board':'client'}", "{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    var iommu = script.kernel().iommu();
    var old = iommu.device(SourceId.of(3, 1, 0));
    var sound = iommu.device(SourceId.of(3, 2, 0));
    var nic = iommu.device(SourceId.of(1, 0, 0));
    assertThat(old.group()).isSameAs(sound.group());
    assertThat(old.group().devices()).hasSize(3);
    assertThat(nic.group().devices()).hasSize(1);
    script.expect("ctx(old).DID", Integer.toString(didOf("03:00.0")));
    script.run(
        "{'op':'call','fn':'kmalloc','args':{'size':4096},'as':'buf'}",
        "{'op':'call','fn':'dma_map_single','args':{'dev':'old','ptr':'buf','size':64,"
            + "'dir':'DMA_BIDIRECTIONAL'},'as':'io'}");
    String iova = script.lab().view().last().orElseThrow().result().fields().get("ret").toString();
    script.run("{'op':'dma.write','rid':'sound','iova':'" + iova + "','data':'55'}");
    script.expect("result.st", "'done'");
    script.expect("fault", "[]");
  }

  private int didOf(String id) {
    SourceId source = SourceId.parse(id).orElseThrow();
    return script.lab().view().ofUnit(1).tables().contexts().stream()
        .filter(context -> context.source().equals(source))
        .map(org.iommulab.vtd.tables.ContextNode.Legacy.class::cast)
        .findFirst()
        .orElseThrow()
        .domainId();
  }

  @Test
  void scriptListsItsOwnUnitsDevicesAndBridges() {
    script.run(
        "{'op':'machine','aw_bits':48,"
            + "'devices':[{'name':'gpu','at':'00:02.0','kind':'gpu'},"
            + "{'name':'card','at':'01:00.0','kind':'nic','vfs':2},"
            + "{'name':'far','at':'0001:01:00.0'}],"
            + "'bridges':[{'name':'port','at':'00:1c.0','secondary':1}],"
            + "'units':[{'scope':['gpu'],'aw_bits':39},{'scope':[]},"
            + "{'segment':1,'base':'0xfeda0000'}]}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    script.expect("reg(CAP).SAGAW", "2");
    script.expect("reg(CAP,1).SAGAW", "6");
    script.expect("reg(GSTS,2).TES", "1");
    script.run("{'op':'dma.read','rid':'far','iova':'0x1000','len':4}");
    var units = script.lab().view().machine().orElseThrow().units();
    assertThat(units.get(2).counters().faults()).isOne();
    script.run("{'op':'dma.read','rid':'card.vf1','iova':'0x1000','len':4}");
    assertThat(units.get(1).counters().faults()).isOne();
    assertThat(script.kernel().iommu().device(SourceId.of(1, 2, 1)).group().devices()).hasSize(1);
  }

  @Test
  void claimedTranslationsTakeTheWayOfOtherRequests() {
    script.run(
        "{'op':'machine','devices':[{'name':'card','at':'03:01.0'}],"
            + "'bridges':[{'name':'pci','at':'00:1c.0','secondary':3,'kind':'pcie_to_pci'}],"
            + "'units':[{'scope':['card']},{}]}",
        "{'op':'dma.read','rid':'card','iova':0,'len':1}",
        "{'op':'ats.translated','rid':'card','addr':0,'len':1}");
    script.expect("counters(0).requests", "2");
    script.expect("counters(1).requests", "0");
  }

  @Test
  void deviceBehindNoUnitIsNotTranslated() {
    script.run(
        "{'op':'machine','devices':[{'name':'a','at':'00:02.0'},{'name':'b','at':'00:03.0'}],"
            + "'units':[{'scope':['a']}]}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on'}",
        "{'op':'dma.write','rid':'b','iova':'0x100000','data':'01'}");
    script.expect("result.st", "'done'");
    script.run("{'op':'dma.write','rid':'a','iova':'0x100000','data':'01'}");
    script.expect("result.st", "'blocked'");
  }

  @Test
  void registersOfEveryUnitCanBeReached() {
    script.run(
        "{'op':'machine','board':'client'}",
        "{'op':'reg.write','off':'0x20','size':8,'value':'0x1000','unit':1}");
    script.expect("reg(RTADDR).RTA", "0");
    script.expect("reg(RTADDR,1)", "4096");
    assertThat(script.refusal("{'op':'reg.read','off':0,'size':4,'unit':2}"))
        .isEqualTo("this machine has no unit 2; units are 0 to 1");
  }

  @Test
  void mistakesInMachineLinesAreNamed() {
    for (List<String> each :
        List.of(
            List.of(
                "{'op':'machine','units':[{'scope':['x']}]}",
                "unit 0: \"scope\" names \"x\", but the machine has no such device or bridge"),
            List.of(
                "{'op':'machine','units':[{'based':1}]}",
                "unit 0 has no key \"based\"; did you mean \"base\"?"),
            List.of(
                "{'op':'machine','units':[]}", "a machine: \"units\" must list at least one unit"),
            List.of(
                "{'op':'machine','devices':[{'at':'00:02.0'},{'at':'00:02.0','name':'b'}]}",
                "00:02.0 and b both are at 00:02.0"),
            List.of("{'op':'machine','devices':[{'name':'a'}]}", "device 0 needs \"at\""),
            List.of(
                "{'op':'machine','board':'client','cap':1}",
                "this board has 2 units; say in \"units\" which one has this \"cap\" and"
                    + " \"ecap\""))) {
      assertThat(script.refusal(each.get(0))).isEqualTo(each.get(1));
    }
  }

  @Test
  void unitThatAnswersAllOnesIsRefusedByTheKernelAndFound() {
    script.run(
        "{'op':'machine','answers':false}", "{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    script.expect("log~\"DMAR reported at address fed90000 returns all ones!\"", "true");
    script.expect("log~\"DRHD base\"", "false");
    script.expect("findings[0].rule", "'PROGRAMMING_IS_ALLOWED'");
  }

  @Test
  void profileOfARealMachineIsTheUnitOfEveryBoard() {
    script.run("{'op':'machine','board':'laboratory','profile':'haswell-graphics'}");
    script.expect("reg(CAP)", "'0xc0000020660462'");
    script.run("{'op':'machine','board':'client','profile':'haswell'}");
    script.expect("reg(CAP)", "'0xc0000020660462'");
    script.expect("reg(CAP,1)", "'0xd2008020660462'");
  }

  @Test
  void capabilityKeysChangeWhatABoardsUnitHas() {
    script.run("{'op':'machine','board':'laboratory','aw_bits':39,'caching_mode':true}");
    script.expect("reg(CAP).MGAW", "38");
    script.expect("reg(CAP).SAGAW", "2");
    script.expect("reg(CAP).CM", "1");
    script.expect("reg(CAP).NFR", "7");
  }
}
