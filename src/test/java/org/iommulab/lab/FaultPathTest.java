package org.iommulab.lab;

import org.junit.jupiter.api.Test;

/** Fault records in expectations. */
class FaultPathTest {

  private final ScriptedLab lab = new ScriptedLab();

  @Test
  void aFaultOfARequestWithPasidTellsIt() {
    lab.run(
        "{'op':'machine','board':'laboratory','cap':'0x19ed008c40690c66','ecap':'0x3ee9e86f050df'}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on,sm_on'}",
        "{'op':'dma.read','rid':'nic','iova':'0x5000','len':8,'pasid':7}",
        "{'op':'dma.read','rid':'nic','iova':'0x6000','len':8}");
    lab.expect("fault(nic)[0].pasid", "7");
    lab.expect("fault(nic)[1].pasid", "null");
    String reason = "fault(nic)[0].reason";
    Object number = lab.run("{'op':'expect','path':'" + reason + "','value':0}").get("actual");
    lab.expect("fault(nic," + number + ",0x5000,7)[0].address", "\"0x5000\"");
    lab.expect("fault(nic," + number + ",0x5000,8)", "null");
  }
}
