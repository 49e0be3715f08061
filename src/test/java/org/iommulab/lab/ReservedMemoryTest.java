package org.iommulab.lab;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Firmware's memory, mapped one to one before a device has its default domain. */
class ReservedMemoryTest {

  private final ScriptedLab lab = new ScriptedLab();

  @ParameterizedTest
  @CsvSource({"5.4, classic, 4K", "6.12, classic, 4K", "6.18, classic, 2M", "7.3, generic_pt, 2M"})
  void largePagesAreUsedSinceADomainIsMadeForItsDevice(String era, String walker, String size) {
    lab.run(
        "{'op':'machine','devices':[{'name':'u','at':'00:14.0','kind':'usb'}],'units':[{'aw_bits':48}],"
            + "'reserved':[{'base':'0x7a000000','limit':'0x7a3fffff','devices':['u']}]}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on','era':'%s','walker':'%s'}"
            .formatted(era, walker));
    lab.expect("pte(u,0x7a200000).pa", "\"0x7a200000\"");
    lab.expect("pte(u,0x7a200000).size", '"' + size + '"');
    // What is mapped later is large in every kernel.
    lab.run(
        "{'op':'call','fn':'iommu_map','args':{'domain':'u','iova':'0x40000000','paddr':'0x100000000','size':'0x200000','prot':3}}");
    lab.expect("pte(u,0x40000000).size", "\"2M\"");
  }
}
