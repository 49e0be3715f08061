package org.iommulab.linux.vfio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.iommulab.lab.ScriptedLab;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A window of one device, mapped by its program and shown to devices: each kernel its own way. */
class DeviceMemoryTest {

  private final ScriptedLab lab = new ScriptedLab();

  private void boot(String era, String walker, boolean type1) {
    lab.run(
        "{'op':'machine','board':'laboratory'}",
        ("{'op':'linux.boot','cmdline':'intel_iommu=on','era':'%s','walker':'%s',"
                + "'firmware':{'bars':[{'device':'nic','bytes':65536}]},"
                + "'kconfig':{'IOMMUFD_VFIO_CONTAINER':%s}}")
            .formatted(era, walker, !type1),
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/devices/0000:00:03.0/driver_override','value':'vfio-pci'}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/drivers_probe','value':'0000:00:03.0'}}");
  }

  private void container() {
    boot("6.12", "classic", true);
    lab.run(
        "{'op':'open','path':'/dev/vfio/vfio','as':'c'}",
        "{'op':'open','path':'/dev/vfio/0','as':'g'}",
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_SET_CONTAINER','arg':{'container':'c'}}",
        "{'op':'ioctl','fd':'c','cmd':'VFIO_SET_IOMMU','arg':{'type':3}}",
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_GET_DEVICE_FD','arg':{'name':'0000:00:03.0'},'as':'d'}");
  }

  private Map<String, Object> mmap(String offset, int length) {
    return lab.run(
        "{'op':'call','fn':'mmap','args':{'fd':'d','offset':'%s','length':%d},'as':'bar'}"
            .formatted(offset, length));
  }

  @Test
  void type1MapsRegistersWithoutHoldingOrChargingThem() {
    container();
    lab.run("{'op':'call','fn':'setrlimit','args':{'memlock':0}}");
    mmap("0x1000", 8192);
    lab.expect("result.errno", "\"nothing\"".equals("") ? "" : "null");
    lab.run(
        "{'op':'ioctl','fd':'c','cmd':'VFIO_IOMMU_MAP_DMA','arg':{'flags':3,'vaddr':'bar','iova':'0x100000','size':8192}}");
    lab.expect("result.ret", "0");
    lab.expect("pte(nic,0x101000).pa", "\"0xe0002000\"");
    assertThat(lab.lab().view().process().orElseThrow().memory().pinnedPages()).isZero();
    lab.run(
        "{'op':'ioctl','fd':'c','cmd':'VFIO_IOMMU_UNMAP_DMA','arg':{'iova':'0x100000','size':8192}}");
    lab.expect("result.out.size", "8192");
    lab.run(
        "{'op':'user.free','at':'bar'}",
        "{'op':'close','fd':'d'}",
        "{'op':'close','fd':'g'}",
        "{'op':'close','fd':'c'}");
    lab.expect("leaks", "[]");
  }

  @Test
  void aWindowEndsWhereTheDeviceSays() {
    container();
    assertThat(mmap("0xf000", 8192)).containsEntry("errno", "EINVAL");
    assertThat(mmap("0x10000000000", 4096)).containsEntry("errno", "EINVAL");
    assertThat(mmap("0x0", 65536).get("errno")).isNull();
  }

  private void iommufd(String era, String walker) {
    boot(era, walker, false);
    lab.run(
        "{'op':'open','path':'/dev/iommu','as':'iommu'}",
        "{'op':'open','path':'/dev/vfio/devices/vfio0','as':'d'}",
        "{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_ALLOC','as':'ioas'}");
    assertThat(mmap("0x0", 4096)).as("not bound yet").containsEntry("errno", "EINVAL");
    lab.run(
        "{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_BIND_IOMMUFD','arg':{'iommufd':'iommu'}}",
        "{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_ATTACH_IOMMUFD_PT','arg':{'pt_id':'ioas.out_ioas_id'}}");
    assertThat(mmap("0x0", 4096).get("errno")).isNull();
  }

  @ParameterizedTest
  @CsvSource({"6.12, classic", "7.3, generic_pt"})
  void iommufdCannotPinRegisters(String era, String walker) {
    iommufd(era, walker);
    lab.run(
        "{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_MAP','arg':{'ioas_id':'ioas.out_ioas_id','flags':7,'user_va':'bar','length':4096,'iova':'0x100000'}}");
    lab.expect("result.errno", "\"EFAULT\"");
  }

  private Map<String, Object> dmaBuf(String more) {
    return lab.run(
        ("{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_FEATURE','as':'buf','arg':{'flags':'0x1000b',"
                + "'region_index':0,'open_flags':2,'nr_ranges':1,%s}}")
            .formatted(more));
  }

  @Test
  void aDmaBufShowsThemToTheDevicesOfAnIoas() {
    iommufd("6.19", "generic_pt");
    assertThat(dmaBuf("'offset':4096,'length':8192").get("errno")).isNull();
    lab.run(
        "{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_MAP_FILE','arg':{'ioas_id':'ioas.out_ioas_id','flags':7,'fd':'buf','start':4096,'length':4096,'iova':'0x100000'}}");
    lab.expect("result.ret", "0");
    lab.expect("pte(nic,0x100000).pa", "\"0xe0002000\"");
    lab.run(
        "{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_MAP_FILE','arg':{'ioas_id':'ioas.out_ioas_id','flags':7,'fd':'buf','start':4096,'length':8192,'iova':'0x200000'}}");
    lab.expect("result.errno", "\"EINVAL\"");
    assertThat(lab.lab().view().process().orElseThrow().memory().pinnedPages()).isZero();
    lab.run(
        "{'op':'close','fd':'buf'}",
        "{'op':'user.free','at':'bar'}",
        "{'op':'close','fd':'d'}",
        "{'op':'close','fd':'iommu'}");
    lab.expect("leaks", "[]");
  }

  @Test
  void aDmaBufIsAPartOfAWindow() {
    iommufd("6.19", "generic_pt");
    assertThat(dmaBuf("'offset':0,'length':0")).containsEntry("errno", "EINVAL");
    assertThat(dmaBuf("'offset':0,'length':131072")).containsEntry("errno", "EINVAL");
    assertThat(dmaBuf("'offset':1,'length':4096")).containsEntry("errno", "EINVAL");
  }

  @Test
  void olderKernelsHaveNoDmaBuf() {
    iommufd("6.18", "classic");
    assertThat(dmaBuf("'offset':0,'length':4096")).containsEntry("errno", "ENOTTY");
  }
}
