package org.iommulab.lab.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.iommulab.lab.ScriptedLab;
import org.junit.jupiter.api.Test;
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
  @CsvSource({"6.1, EPERM", "6.6, EINVAL", "6.12, EINVAL"})
  void aDeviceWithReservedMemoryIsRefused(String era, String errno) {
    boot(era, "'rmrr':{'base':'0xf000000','limit':'0xf0fffff','devices':['nic']}");
    lab.expect("result.errno", '"' + errno + '"');
    String words =
        errno.equals("EPERM")
            ? "vfio-pci 0000:00:03.0: Device is ineligible for IOMMU domain attach due to platform"
                + " RMRR requirement.  Contact your platform vendor."
            : "vfio-pci 0000:00:03.0: Firmware has requested this device have a 1:1 IOMMU mapping,"
                + " rejecting configuring the device without a 1:1 mapping. Contact your platform"
                + " vendor.";
    lab.expect("log~\"" + words + "\"", "true");
  }

  @ParameterizedTest
  @CsvSource({"5.4", "5.15", "6.3"})
  void theDriverRefusesReservedMemoryWhenADomainIsAttached(String era) {
    boot(era, "'rmrr':{'base':'0xf000000','limit':'0xf0fffff','devices':['nic']}");
    lab.expect("result.ret", "0");
    lab.run("{'op':'ioctl','fd':'c','cmd':'VFIO_SET_IOMMU','arg':{'type':3}}");
    lab.expect("result.errno", "\"EPERM\"");
    lab.run("{'op':'ioctl','fd':'c','cmd':'VFIO_SET_IOMMU','arg':{'type':3}}");
    lab.expect("result.errno", "\"EPERM\"");
  }

  private void type1(String cmdline) {
    lab.run(
        "{'op':'machine','board':'client'}",
        "{'op':'linux.boot','cmdline':'%s','kconfig':{'IOMMUFD_VFIO_CONTAINER':false}}"
            .formatted(cmdline),
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/devices/0000:01:00.0/driver_override','value':'vfio-pci'}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/drivers_probe','value':'0000:01:00.0'}}",
        "{'op':'open','path':'/dev/vfio/vfio','as':'c'}",
        "{'op':'open','path':'/dev/vfio/5','as':'g'}",
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_SET_CONTAINER','arg':{'container':'c'}}",
        "{'op':'ioctl','fd':'c','cmd':'VFIO_SET_IOMMU','arg':{'type':3}}");
  }

  @Test
  void aSuspendThatMeetsAMappingWithoutUserAddressSuspendsNothing() {
    type1("intel_iommu=on");
    lab.run(
        "{'op':'user.alloc','as':'b','len':8192}",
        "{'op':'ioctl','fd':'c','cmd':'VFIO_IOMMU_MAP_DMA','arg':{'flags':3,'vaddr':'b','iova':'0x100000','size':4096}}",
        "{'op':'ioctl','fd':'c','cmd':'VFIO_IOMMU_MAP_DMA','arg':{'flags':3,'vaddr':'b','iova':'0x200000','size':4096}}",
        "{'op':'ioctl','fd':'c','cmd':'VFIO_IOMMU_UNMAP_DMA','arg':{'flags':4,'iova':'0x200000','size':4096}}");
    lab.expect("result.ret", "0");
    lab.run(
        "{'op':'ioctl','fd':'c','cmd':'VFIO_IOMMU_UNMAP_DMA','arg':{'flags':6,'iova':0,'size':0}}");
    lab.expect("result.errno", "\"EINVAL\"");
    // The first one still has its user address, so it can be taken away, and given back.
    lab.run(
        "{'op':'ioctl','fd':'c','cmd':'VFIO_IOMMU_MAP_DMA','arg':{'flags':4,'vaddr':'b','iova':'0x100000','size':4096}}");
    lab.expect("result.errno", "\"EINVAL\"");
    lab.run(
        "{'op':'ioctl','fd':'c','cmd':'VFIO_IOMMU_UNMAP_DMA','arg':{'flags':4,'iova':'0x100000','size':4096}}");
    lab.expect("result.ret", "0");
  }

  @Test
  void withoutInterruptRemappingTheContainerIsRefusedUnlessTheModuleIsTold() {
    type1("intel_iommu=on intremap=off");
    lab.expect("result.errno", "\"EPERM\"");
    lab.expect(
        "log~\"vfio_iommu_type1_attach_group: No interrupt remapping support.  Use the module"
            + " param\"",
        "true");
    lab.run(
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts','value':'Y'}}",
        "{'op':'ioctl','fd':'c','cmd':'VFIO_SET_IOMMU','arg':{'type':3}}");
    lab.expect("result.ret", "0");
  }

  @ParameterizedTest
  @CsvSource({"intremap=off, EPERM", "intremap=off iommufd.allow_unsafe_interrupts=1, ", "'', "})
  void withoutInterruptRemappingABindIsRefusedUnlessTheModuleIsTold(String line, String errno) {
    lab.run(
        "{'op':'machine','board':'client'}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on %s'}".formatted(line),
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/devices/0000:01:00.0/driver_override','value':'vfio-pci'}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/drivers_probe','value':'0000:01:00.0'}}",
        "{'op':'open','path':'/dev/iommu','as':'i'}",
        "{'op':'open','path':'/dev/vfio/devices/vfio0','as':'d'}");
    var bound =
        lab.run("{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_BIND_IOMMUFD','arg':{'iommufd':'i'}}");
    assertThat(bound.get("errno")).isEqualTo(errno);
    lab.run("{'op':'close','fd':'d'}", "{'op':'close','fd':'i'}");
    lab.expect("leaks", "[]");
  }

  /** iommufd came with 6.2, nodes of devices with 6.6; until then type 1 serves the container. */
  @ParameterizedTest
  @CsvSource({
    "5.4, ENOENT, ENOENT",
    "6.1, ENOENT, ENOENT",
    "6.2, , ENOENT",
    "6.5, , ENOENT",
    "6.6, , ",
    "7.3, , "
  })
  void nodesFollowTheAge(String era, String iommufd, String device) {
    lab.run(
        "{'op':'machine','board':'laboratory'}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on','era':'%s'}".formatted(era),
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/devices/0000:00:03.0/driver_override','value':'vfio-pci'}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/drivers_probe','value':'0000:00:03.0'}}");
    assertThat(lab.run("{'op':'open','path':'/dev/iommu','as':'i'}").get("errno"))
        .isEqualTo(iommufd);
    assertThat(lab.run("{'op':'open','path':'/dev/vfio/devices/vfio0','as':'d'}").get("errno"))
        .isEqualTo(device);
    lab.run("{'op':'open','path':'/dev/vfio/vfio','as':'c'}");
    lab.expect("result.errno", "null");
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
