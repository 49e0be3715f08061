package org.iommulab.lab.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.iommulab.lab.ScriptedLab;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two real kernels answered to the same calls on the classic type 1 driver. */
class ClassicVfioTest {

  private final ScriptedLab lab = new ScriptedLab();

  private void boot(String era, String firmware) {
    lab.run(
        "{'op':'machine','board':'laboratory'}",
        String.format(
                Locale.ROOT,
                "{'op':'linux.boot','cmdline':'intel_iommu=on','era':'%s','firmware':{%s},",
                era,
                firmware)
            + "'kconfig':{'IOMMUFD_VFIO_CONTAINER':false}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/devices/0000:00:03.0/driver_override','value':'vfio-pci'}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/drivers_probe','value':'0000:00:03.0'}}",
        "{'op':'open','path':'/dev/vfio/vfio','as':'c'}",
        "{'op':'open','path':'/dev/vfio/0','as':'g'}",
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_SET_CONTAINER','arg':{'container':'c'}}");
  }

  @ParameterizedTest
  @CsvSource({"6.1, EPERM", "6.12, EINVAL"})
  void aDeviceWithReservedMemoryIsRefused(String era, String errno) {
    boot(era, "'rmrr':{'base':'0xf000000','limit':'0xf0fffff','devices':['nic']}");
    lab.expect("result.errno", '"' + errno + '"');
  }

  @ParameterizedTest
  @CsvSource({"6.1, EBUSY", "6.12, EPERM"})
  void theTypeOfAClaimedGroupStays(String era, String errno) {
    boot(era, "");
    var result =
        lab.run(
            "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/kernel/iommu_groups/0/type','value':'identity'}}");
    assertThat(result).containsEntry("errno", errno);
  }

  @ParameterizedTest
  @CsvSource({"6.1, 1, EINVAL", "6.12, 1, EINVAL", "6.18, 0, ENODEV"})
  void nestingIsAnExtensionThatIntelNeverServed(String era, int extension, String errno) {
    boot(era, "");
    assertThat(
            lab.run("{'op':'ioctl','fd':'c','cmd':'VFIO_CHECK_EXTENSION','arg':{'extension':6}}"))
        .containsEntry("ret", extension);
    assertThat(lab.run("{'op':'ioctl','fd':'c','cmd':'VFIO_SET_IOMMU','arg':{'type':6}}"))
        .containsEntry("errno", errno);
  }
}
