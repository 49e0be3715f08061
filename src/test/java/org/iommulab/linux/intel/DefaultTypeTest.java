package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.intel.ScalableLab.NIC;

import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.junit.jupiter.api.Test;

/** Writing a group's {@code type} attribute. */
final class DefaultTypeTest {

  private final ScalableLab lab =
      ScalableLab.machine().cmdline("intel_iommu=on,sm_on iommu.strict=1").boot();

  private SyscallResult store(String word) {
    int group = lab.device(NIC).group().id();
    return lab.process.writeFile("/sys/kernel/iommu_groups/" + group + "/type", word);
  }

  private void bindDriver() {
    lab.process.writeFile("/sys/bus/pci/drivers/e1000e/bind", "0000:" + NIC);
    assertThat(lab.device(NIC).boundDriver()).isEqualTo("e1000e");
  }

  @Test
  void aStrictDomainBecomesLazyWhileADriverUsesIt() {
    bindDriver();
    int domain = lab.kernel.groups().get(1).domain();
    assertThat(store("DMA-FQ").errno()).isNull();
    assertThat(lab.kernel.groups().get(1).defaultType()).isEqualTo("DMA-FQ");
    assertThat(lab.kernel.groups().get(1).domain()).as("the same domain").isEqualTo(domain);
  }

  @Test
  void anyOtherChangeNeedsAGroupThatNobodyUses() {
    bindDriver();
    assertThat(store("identity").errno()).isEqualTo(Errno.EPERM);
    assertThat(store("DMA").errno()).isEqualTo(Errno.EPERM);
    lab.process.writeFile("/sys/bus/pci/drivers/e1000e/unbind", "0000:" + NIC);
    assertThat(store("identity").errno()).isNull();
    assertThat(lab.kernel.groups().get(1).defaultType()).isEqualTo("identity");
    assertThat(lab.write(NIC, 0x1234_5000)).isEqualTo(0x1234_5000);
    assertThat(store("auto").errno()).isNull();
    assertThat(lab.kernel.groups().get(1).defaultType()).isEqualTo("DMA");
  }

  @Test
  void rightsComeBeforeTheWord() {
    lab.process.setCapability("CAP_SYS_RAWIO", false);
    assertThat(store("nonsense").errno()).isEqualTo(Errno.EACCES);
    lab.process.setCapability("CAP_SYS_RAWIO", true);
    assertThat(store("nonsense").errno()).isEqualTo(Errno.EINVAL);
  }
}
