package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Devices on the laboratory's machine, programmed by scripts as drivers do it. */
final class DevicesTest {

  private final ScriptedLab script = new ScriptedLab();

  private void ring() {
    script.run(
        "{'op':'call','fn':'dma_alloc_coherent','args':{'dev':'nic','size':4096},'as':'ring'}",
        "{'op':'call','fn':'kmalloc','args':{'size':2048},'as':'buf'}",
        "{'op':'kernel.write','at':'buf','u64':['0x1122334455667788']}",
        "{'op':'device.write','dev':'nic','reg':'TDBA','value':'ring.dma_handle'}",
        "{'op':'device.write','dev':'nic','reg':'TDLEN','value':64}",
        "{'op':'device.write','dev':'nic','reg':'CTRL','value':1}");
  }

  private Map<String, Object> send(String address, int tail) {
    return script.run(
        "{'op':'kernel.write','at':'ring.cpu_addr+"
            + (tail - 1) * 16
            + "','u64':['"
            + address
            + "','0x9000008']}",
        "{'op':'device.write','dev':'nic','reg':'TDT','value':" + tail + "}",
        "{'op':'device.run','dev':'nic'}");
  }

  @Test
  void cardSendsFromMappedMemoryAndIsStoppedAfterTheUnmap() {
    script.run("{'op':'linux.boot','cmdline':'intel_iommu=on iommu.strict=1'}");
    ring();
    String map = "'args':{'dev':'nic','ptr':'buf','size':64,'dir':'DMA_TO_DEVICE'},'as':'tx'}";
    script.run("{'op':'call','fn':'dma_map_single'," + map);
    assertThat(send("tx", 1)).containsEntry("aborted", 0L).containsEntry("activity", "idle");
    script.expect("device(nic).output", "'8877665544332211'");
    script.run(
        "{'op':'call','fn':'dma_unmap_single','args':{'dev':'nic','addr':'tx','size':64,"
            + "'dir':'DMA_TO_DEVICE'}}");
    assertThat(send("tx", 2)).containsEntry("aborted", 1L);
    script.expect("device(nic).registers.STATUS.TXABORT", "1");
    script.expect("device(nic).refusal.reason", "'READ_DENIED'");
  }

  @Test
  void writeWithoutMappingIsLostAndOnlyTheBusKnows() {
    script.run("{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    script.run(
        "{'op':'call','fn':'dma_alloc_coherent','args':{'dev':'nic','size':4096},'as':'ring'}",
        "{'op':'kernel.write','at':'ring.cpu_addr','u64':['0x12340000',0]}",
        "{'op':'device.write','dev':'nic','reg':'RDBA','value':'ring.dma_handle'}",
        "{'op':'device.write','dev':'nic','reg':'RDLEN','value':64}",
        "{'op':'device.write','dev':'nic','reg':'RDT','value':1}",
        "{'op':'device.write','dev':'nic','reg':'CTRL','value':2}",
        "{'op':'device.receive','dev':'nic','hex':'0102'}",
        "{'op':'device.run','dev':'nic'}");
    script.expect("device(nic).registers.STATUS", "0");
    script.expect("device(nic).registers.ICR", "2");
    script.expect("device(nic).counters.lost", "1");
    script.expect("fault(nic,5,0x12340000)", "true");
  }

  @Test
  void timeLetsDevicesGoOnWithTheirWork() {
    script.run(
        "{'op':'device.write','dev':'rogue','reg':'LENGTH','value':4096}",
        "{'op':'device.write','dev':'rogue','reg':'COUNT','value':10}",
        "{'op':'device.write','dev':'rogue','reg':'CTRL','value':1}",
        "{'op':'clock.advance','ns':4000}");
    script.expect("device(rogue).registers.TRIED.VALUE", "4");
    script.run("{'op':'clock.advance','ms':1}");
    script.expect("device(rogue).registers.TRIED.VALUE", "10");
  }

  @Test
  void trafficBySeedIsTheSameEveryTime() {
    String line =
        "{'op':'traffic','dev':'nic','seed':7,'pattern':'random','count':200,"
            + "'ranges':[{'start':'0x100000','len':65536},{'start':'0xb0000','len':4096}]}";
    var first = script.run(line);
    var again = new ScriptedLab().run(line);
    assertThat(again).isEqualTo(first);
    assertThat((Long) first.get("done") + (Long) first.get("void")).isEqualTo(200);
    assertThat((Long) first.get("void")).isPositive();
  }

  @Test
  void rewindBringsDevicesBack() {
    script.run(
        "{'op':'device.write','dev':'rogue','reg':'LENGTH','value':4096}",
        "{'op':'device.write','dev':'rogue','reg':'COUNT','value':10}",
        "{'op':'device.write','dev':'rogue','reg':'CTRL','value':1}",
        "{'op':'checkpoint','name':'here'}",
        "{'op':'device.run','dev':'rogue'}");
    script.expect("device(rogue).registers.TRIED.VALUE", "10");
    script.run("{'op':'rewind','to':'here'}");
    script.expect("device(rogue).registers.TRIED.VALUE", "0");
    script.expect("device(rogue).activity", "'scanning'");
  }

  @Test
  void mistakesAreNamed() {
    assertThat(script.refusal("{'op':'device.read','dev':'nic','reg':'TDHH'}"))
        .startsWith("nic has no register TDHH; it has CTRL, STATUS")
        .endsWith("; did you mean \"TDH\"?");
    assertThat(
            script.refusal("{'op':'device.write','dev':'nic','reg':'CTRL','value':'0x100000000'}"))
        .isEqualTo("value 0x100000000 does not fit into CTRL, which has 4 bytes");
    assertThat(script.refusal("{'op':'device.receive','dev':'rogue','hex':'01'}"))
        .startsWith("rogue takes nothing from outside");
    assertThat(script.refusal("{'op':'traffic','dev':'nic','ranges':[{'start':0,'len':8}]}"))
        .isEqualTo("traffic: the range at 0x0 has 8 bytes; a request needs 64");
    assertThat(script.refusal("{'op':'traffic','dev':'nic','ranges':[]}"))
        .isEqualTo("traffic: at least one range is needed");
    assertThat(script.refusal("{'op':'kernel.write','at':'0xa0000','u64':[1]}"))
        .isEqualTo("0xa0000: the kernel has no memory at 0xa0000");
  }
}
