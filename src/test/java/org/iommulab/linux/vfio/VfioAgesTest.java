package org.iommulab.linux.vfio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.iommulab.lab.ScriptedLab;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What containers, groups and devices of VFIO answer in each age of the kernel. */
class VfioAgesTest {

  private final ScriptedLab lab = new ScriptedLab();

  private void boot(String era) {
    lab.run(
        "{'op':'machine','board':'laboratory'}",
        ("{'op':'linux.boot','cmdline':'intel_iommu=on','era':'%s',"
                + "'kconfig':{'IOMMUFD_VFIO_CONTAINER':false}}")
            .formatted(era),
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/devices/0000:00:03.0/driver_override','value':'vfio-pci'}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/drivers_probe','value':'0000:00:03.0'}}",
        "{'op':'user.alloc','as':'buf','len':65536}",
        "{'op':'open','path':'/dev/vfio/vfio','as':'c'}",
        "{'op':'open','path':'/dev/vfio/0','as':'g'}");
  }

  private void container(String era) {
    boot(era);
    lab.run(
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_SET_CONTAINER','arg':{'container':'c'}}",
        "{'op':'ioctl','fd':'c','cmd':'VFIO_SET_IOMMU','arg':{'type':3}}");
  }

  private void device(String era) {
    container(era);
    lab.run(
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_GET_DEVICE_FD','arg':{'name':'0000:00:03.0'},'as':'d'}");
  }

  /** The errno, or the result if there is none. */
  private String answer(String fd, String command, String argument) {
    Map<String, Object> result =
        lab.run("{'op':'ioctl','fd':'%s','cmd':'%s','arg':%s}".formatted(fd, command, argument));
    return String.valueOf(result.getOrDefault("errno", result.get("ret")));
  }

  @ParameterizedTest
  @CsvSource({"5.4, 0, 0, 0", "5.12, 1, 1, 1", "6.1, 1, 1, 1", "6.12, 1, 0, 1", "7.3, 1, 0, 1"})
  void extensionsOfUnmapping(String era, String all, String alone, String withDevices) {
    boot(era);
    assertThat(answer("c", "VFIO_CHECK_EXTENSION", "'0x9'")).isEqualTo(all);
    assertThat(answer("c", "VFIO_CHECK_EXTENSION", "'0xa'")).isEqualTo(alone);
    lab.run(
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_SET_CONTAINER','arg':{'container':'c'}}",
        "{'op':'ioctl','fd':'c','cmd':'VFIO_SET_IOMMU','arg':{'type':3}}");
    assertThat(answer("c", "VFIO_CHECK_EXTENSION", "'0xa'")).isEqualTo(withDevices);
  }

  @ParameterizedTest
  @CsvSource({
    "5.4, EINVAL, EINVAL, EINVAL",
    "5.9, EINVAL, EINVAL, EINVAL",
    "5.12, ENOENT, 0, 0",
    "7.3, ENOENT, 0, 0",
  })
  void mappingsThatChangeHands(String era, String nothing, String taken, String given) {
    container(era);
    String whole = "{'flags':%d,'vaddr':'buf','iova':0,'size':4096}";
    assertThat(answer("c", "VFIO_IOMMU_MAP_DMA", whole.formatted(4))).isEqualTo(nothing);
    assertThat(answer("c", "VFIO_IOMMU_MAP_DMA", whole.formatted(3))).isEqualTo("0");
    assertThat(answer("c", "VFIO_IOMMU_UNMAP_DMA", "{'flags':6,'iova':0,'size':0}"))
        .isEqualTo(taken);
    assertThat(answer("c", "VFIO_IOMMU_MAP_DMA", whole.formatted(4))).isEqualTo(given);
  }

  /** The first mapping is taken back when the second turns out to be suspended already. */
  @Test
  void suspendingThatFailsHalfWaySuspendsNothing() {
    container("6.12");
    String page = "{'flags':%d,'vaddr':'buf','iova':%d,'size':4096}";
    assertThat(answer("c", "VFIO_IOMMU_MAP_DMA", page.formatted(3, 0))).isEqualTo("0");
    assertThat(answer("c", "VFIO_IOMMU_MAP_DMA", page.formatted(3, 4096))).isEqualTo("0");
    String suspend = "{'flags':4,'iova':%d,'size':%d}";
    assertThat(answer("c", "VFIO_IOMMU_UNMAP_DMA", suspend.formatted(4096, 4096))).isEqualTo("0");
    assertThat(answer("c", "VFIO_IOMMU_UNMAP_DMA", suspend.formatted(0, 8192))).isEqualTo("EINVAL");
    assertThat(answer("c", "VFIO_IOMMU_MAP_DMA", page.formatted(4, 0))).isEqualTo("EINVAL");
    assertThat(answer("c", "VFIO_IOMMU_MAP_DMA", page.formatted(4, 4096))).isEqualTo("0");
  }

  @ParameterizedTest
  @CsvSource({"5.4, ENOTTY, ENOTTY", "5.9, EINVAL, 0", "6.12, EINVAL, 0"})
  void theLogOfDirtyPages(String era, String both, String started) {
    container(era);
    assertThat(answer("c", "VFIO_IOMMU_DIRTY_PAGES", "{'argsz':8,'flags':3}")).isEqualTo(both);
    assertThat(answer("c", "VFIO_IOMMU_DIRTY_PAGES", "{'argsz':8,'flags':1}")).isEqualTo(started);
  }

  /** 48 bytes of IOVA ranges; 12 of mappings left, padded since 6.6; 32 of dirty tracking. */
  @ParameterizedTest
  @CsvSource({"5.4, 72", "5.9, 104", "5.12, 116", "6.12, 120"})
  void capabilitiesOfTheContainer(String era, int bytes) {
    container(era);
    lab.run("{'op':'ioctl','fd':'c','cmd':'VFIO_IOMMU_GET_INFO','arg':{}}");
    lab.expect("result.out.argsz", String.valueOf(bytes));
  }

  /** Before 5.19 the container is looked at before the name. */
  @ParameterizedTest
  @CsvSource({"5.18, EINVAL", "5.19, ENODEV", "7.3, ENODEV"})
  void anUnknownDeviceOfAGroupInNoContainer(String era, String errno) {
    boot(era);
    assertThat(answer("g", "VFIO_GROUP_GET_DEVICE_FD", "{'name':'0000:00:1f.0'}")).isEqualTo(errno);
    assertThat(answer("g", "VFIO_GROUP_GET_DEVICE_FD", "{'name':'0000:00:03.0'}"))
        .isEqualTo("EINVAL");
  }

  /** Low power came with 6.1, features with 5.7. */
  @ParameterizedTest
  @CsvSource({
    "5.4, ENOTTY, ENOTTY, ENOTTY, ENOTTY",
    "5.7, EFAULT, ENOTTY, EINVAL, ENOTTY",
    "6.1, EFAULT, 0, EINVAL, EINVAL",
    "7.3, EFAULT, 0, EINVAL, EINVAL",
  })
  void featuresOfADevice(String era, String nowhere, String probed, String both, String got) {
    device(era);
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", "'0x0'")).isEqualTo(nowhere);
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", "{'flags':'0x60003'}")).isEqualTo(probed);
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", "{'flags':'0x30003'}")).isEqualTo(both);
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", "{'flags':'0x50005'}")).isEqualTo(got);
  }

  @Test
  void aDeviceThatSleepsIsNotPutToSleepAgain() {
    device("6.12");
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", "{'flags':'0x20003'}")).isEqualTo("0");
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", "{'flags':'0x20003'}")).isEqualTo("EINVAL");
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", "{'flags':'0x20005'}")).isEqualTo("0");
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", "{'flags':'0x20003'}")).isEqualTo("0");
  }

  /** Position 0 of a device file is the first byte of BAR 0, and reading goes on from there. */
  @Test
  void aDeviceFileIsReadFromItsPosition() {
    lab.run(
        "{'op':'machine','board':'laboratory'}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on','kconfig':{'IOMMUFD_VFIO_CONTAINER':false},"
            + "'firmware':{'bars':[{'device':'00:03.0','bytes':4096}]}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/devices/0000:00:03.0/driver_override','value':'vfio-pci'}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/drivers_probe','value':'0000:00:03.0'}}",
        "{'op':'user.alloc','as':'buf','len':65536}",
        "{'op':'open','path':'/dev/vfio/vfio','as':'c'}",
        "{'op':'open','path':'/dev/vfio/0','as':'g'}",
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_SET_CONTAINER','arg':{'container':'c'}}",
        "{'op':'ioctl','fd':'c','cmd':'VFIO_SET_IOMMU','arg':{'type':3}}",
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_GET_DEVICE_FD','arg':{'name':'0000:00:03.0'},'as':'d'}");
    assertThat(moved("read", "d", 4000)).isEqualTo("4000");
    assertThat(moved("write", "d", 64)).isEqualTo("64");
    assertThat(moved("read", "d", 4000)).isEqualTo("32");
    assertThat(moved("read", "d", 1)).isEqualTo("EINVAL");
    assertThat(moved("read", "c", 1)).isEqualTo("EINVAL");
  }

  @Test
  void aFileInMemoryIsReadAndWrittenFromItsPosition() {
    lab.run(
        "{'op':'linux.boot','cmdline':'intel_iommu=on'}",
        "{'op':'user.alloc','as':'buf','len':65536}",
        "{'op':'call','fn':'memfd_create','args':{'size':4096},'as':'f'}",
        "{'op':'user.write','at':'buf','hex':'01020304'}");
    assertThat(moved("write", "f", 4)).isEqualTo("4");
    assertThat(moved("read", "f", 8192)).isEqualTo("4092");
    assertThat(moved("read", "f", 1)).isEqualTo("0");
    assertThat(moved("write", "f", 4)).isEqualTo("4");
    assertThat(moved("read", "f", 8192)).isEqualTo("4092");
  }

  private String moved(String op, String fd, int bytes) {
    String what = op.equals("read") ? "'len':" + bytes : "'hex':'" + "00".repeat(bytes) + "'";
    Map<String, Object> result = lab.run("{'op':'%s','fd':'%s',%s}".formatted(op, fd, what));
    return String.valueOf(result.getOrDefault("errno", result.get("ret")));
  }

  /** No eventfd belongs to a script's process; what comes before it is looked at all the same. */
  @ParameterizedTest
  @CsvSource({"5.19, ENOTTY, ENOTTY", "6.1, EINVAL, EBADF", "7.3, EINVAL, EBADF"})
  void sleepUntilSomethingWakesIt(String era, String negative, String nothing) {
    device(era);
    String entry = "{'argsz':16,'flags':'0x20004','region_index':%s}";
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", entry.formatted("'0xffffffff'")))
        .isEqualTo(negative);
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", entry.formatted("77"))).isEqualTo(nothing);
    assertThat(answer("d", "VFIO_DEVICE_FEATURE", "{'argsz':12,'flags':'0x20004'}"))
        .isEqualTo(era.equals("5.19") ? "ENOTTY" : "EINVAL");
  }

  /** Before there were tokens all that is asked for is a device's name. */
  @ParameterizedTest
  @CsvSource({"5.4, ENODEV", "5.7, EINVAL", "7.3, EINVAL"})
  void aTokenForADeviceThatNeedsNone(String era, String errno) {
    container(era);
    String named = "{'name':'0000:00:04.0 vf_token=83d8f4f2-509f-382f-3c1e-e6bfe0fa1001'}";
    lab.run(
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/devices/0000:00:04.0/driver_override','value':'vfio-pci'}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/drivers_probe','value':'0000:00:04.0'}}",
        "{'op':'open','path':'/dev/vfio/1','as':'g1'}");
    assertThat(answer("g1", "VFIO_GROUP_SET_CONTAINER", "{'container':'c'}")).isEqualTo("0");
    assertThat(answer("g1", "VFIO_GROUP_GET_DEVICE_FD", named)).isEqualTo(errno);
  }

  /** Two functions behind one port, each in a group of its own or both in one. */
  private void behindAPort(String... bound) {
    lab.run(
        "{'op':'machine','board':'laboratory','devices':[{'name':'a','at':'01:00.0','kind':'ioat'},"
            + "{'name':'b','at':'01:00.1','kind':'nic'},{'name':'c','at':'00:05.0','kind':'nic'}],"
            + "'bridges':[{'name':'port','at':'00:1c.0','secondary':1}]}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on','era':'7.3',"
            + "'kconfig':{'IOMMUFD_VFIO_CONTAINER':false}}",
        "{'op':'user.alloc','as':'buf','len':4096}");
    for (String device : bound) {
      lab.run(
          "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/devices/0000:%s/driver_override','value':'vfio-pci'}}"
              .formatted(device),
          "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/drivers_probe','value':'0000:%s'}}"
              .formatted(device));
    }
  }

  private String raw(String command, String hex) {
    lab.run("{'op':'user.write','at':'buf','hex':'%s'}".formatted(hex));
    return answer("d", command, "'buf'");
  }

  @Test
  void aBusIsResetByWhoHasAllOfIt() {
    behindAPort("01:00.0", "01:00.1");
    lab.run(
        "{'op':'open','path':'/dev/iommu','as':'i'}",
        "{'op':'open','path':'/dev/vfio/devices/vfio0','as':'d'}",
        "{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_BIND_IOMMUFD','arg':{'iommufd':'i'}}");
    // Both are counted, where there is no room too.
    assertThat(raw("VFIO_DEVICE_GET_PCI_HOT_RESET_INFO", "0c0000000000000000000000"))
        .isEqualTo("ENOSPC");
    assertThat(lab.run("{'op':'user.read','at':'buf','len':12}").get("hex"))
        .asString()
        .endsWith("02000000");
    assertThat(raw("VFIO_DEVICE_GET_PCI_HOT_RESET_INFO", "400000000000000000000000"))
        .isEqualTo("0");
    assertThat(lab.run("{'op':'user.read','at':'buf','len':28}").get("hex"))
        .asString()
        .contains("00000100", "00000101");
    assertThat(raw("VFIO_DEVICE_PCI_HOT_RESET", "0c0000000000000001000000")).isEqualTo("EINVAL");
    assertThat(raw("VFIO_DEVICE_PCI_HOT_RESET", "0c0000000100000000000000")).isEqualTo("EINVAL");
    lab.run(
        "{'op':'open','path':'/dev/vfio/devices/vfio1','as':'e'}",
        "{'op':'ioctl','fd':'e','cmd':'VFIO_DEVICE_BIND_IOMMUFD','arg':{'iommufd':'i'}}");
    assertThat(raw("VFIO_DEVICE_PCI_HOT_RESET", "0c0000000000000000000000")).isEqualTo("0");
  }

  @Test
  void aBusIsNotResetUnderSomebodyElse() {
    behindAPort("01:00.0");
    lab.run(
        "{'op':'open','path':'/dev/iommu','as':'i'}",
        "{'op':'open','path':'/dev/vfio/devices/vfio0','as':'d'}",
        "{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_BIND_IOMMUFD','arg':{'iommufd':'i'}}");
    assertThat(raw("VFIO_DEVICE_PCI_HOT_RESET", "0c0000000000000000000000")).isEqualTo("EINVAL");
  }

  @Test
  void aRootBusIsNotReset() {
    behindAPort("00:05.0");
    lab.run(
        "{'op':'open','path':'/dev/iommu','as':'i'}",
        "{'op':'open','path':'/dev/vfio/devices/vfio0','as':'d'}",
        "{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_BIND_IOMMUFD','arg':{'iommufd':'i'}}");
    assertThat(raw("VFIO_DEVICE_GET_PCI_HOT_RESET_INFO", "400000000000000000000000"))
        .isEqualTo("ENODEV");
    assertThat(raw("VFIO_DEVICE_PCI_HOT_RESET", "0c0000000000000000000000")).isEqualTo("ENODEV");
  }
}
