package org.iommulab.linux.vfio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
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
    assertThat(lab.process().memory().pinnedPages()).isZero();
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
    assertThat(lab.process().memory().pinnedPages()).isZero();
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

  private Map<String, Object> dmaBufOf(int ranges, String tail, String more) {
    return lab.run(
        ("{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_FEATURE','as':'buf','tail':'%s',"
                + "'arg':{'flags':'0x1000b','nr_ranges':%d,%s}}")
            .formatted(tail, ranges, more));
  }

  private static String range(String offset, String length) {
    var text = new StringBuilder();
    for (String number : List.of(offset, length)) {
      long reversed = Long.reverseBytes(Long.decode(number));
      text.append(String.format(Locale.ROOT, "%016x", reversed));
    }
    return text.toString();
  }

  private Map<String, Object> mapFile(String iova, int start, int length) {
    return lab.run(
        ("{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_MAP_FILE','arg':{'ioas_id':"
                + "'ioas.out_ioas_id','flags':7,'fd':'buf','start':%d,'length':%d,'iova':'%s'}}")
            .formatted(start, length, iova));
  }

  @Test
  void aDmaBufHasSeveralRangesButIommufdTakesOne() {
    iommufd("6.19", "generic_pt");
    String first = "'offset':8192,'length':4096";
    assertThat(dmaBufOf(2, range("0x8000", "0x2000"), first).get("errno")).isNull();
    assertThat(mapFile("0x100000", 0, 4096)).containsEntry("errno", "EOPNOTSUPP");
    assertThat(mapFile("0x100000", 0, 16384)).as("3 pages").containsEntry("errno", "EINVAL");
    lab.run(
        "{'op':'close','fd':'buf'}",
        "{'op':'user.free','at':'bar'}",
        "{'op':'close','fd':'d'}",
        "{'op':'close','fd':'iommu'}");
    lab.expect("leaks", "[]");
  }

  @ParameterizedTest
  @CsvSource({
    "0x8000, 0, EINVAL",
    "0x8001, 4096, EINVAL",
    "0x8000, 4097, EINVAL",
    "0xf000, 8192, EINVAL",
    "-4096, 4096, EOVERFLOW",
    "4096, -8192, EINVAL",
    "4096, 0x7fffffffffffe000, EINVAL",
    "4096, 0x4000000000000000, EINVAL",
  })
  void everyRangeIsLookedAt(String offset, String length, String errno) {
    iommufd("6.19", "generic_pt");
    String first = "'offset':0,'length':4096";
    assertThat(dmaBufOf(2, range(offset, length), first)).containsEntry("errno", errno);
  }

  @Test
  void rangesMustBeReadAndBeFew() {
    iommufd("6.19", "generic_pt");
    String first = "'offset':0,'length':4096";
    assertThat(dmaBufOf(262144, "", first)).containsEntry("errno", "EFAULT");
    assertThat(dmaBufOf(262145, "", first)).containsEntry("errno", "ENOMEM");
    assertThat(dmaBufOf(1, "", "'offset':0,'length':4096,'dma_buf_flags':1"))
        .containsEntry("errno", "EINVAL");
    assertThat(dmaBufOf(1, "", "'offset':0,'length':4096,'region_index':5"))
        .containsEntry("errno", "EINVAL");
    assertThat(dmaBufOf(1, "", "'offset':0,'length':4096,'region_index':6"))
        .containsEntry("errno", "ENODEV");
  }

  private void command(int value) {
    lab.run("{'op':'user.write','at':'page','u64':[%d]}".formatted(value));
    assertThat(
            lab.run(
                "{'op':'call','fn':'pwrite','args':{'fd':'d','buf':'page','count':2,'offset':'0x70000000004'}}"))
        .containsEntry("ret", 2);
  }

  private void mapped() {
    iommufd("6.19", "generic_pt");
    lab.run("{'op':'user.alloc','as':'page','len':4096}");
    dmaBuf("'offset':4096,'length':8192");
    assertThat(mapFile("0x100000", 0, 8192)).containsEntry("ret", 0);
    lab.expect("pte(nic,0x100000).pa", "\"0xe0001000\"");
  }

  @Test
  void memoryThatIsSwitchedOffIsNotReached() {
    mapped();
    command(0x404);
    lab.expect("pte(nic,0x100000).present", "false");
    assertThat(mapFile("0x200000", 0, 4096)).containsEntry("errno", "ENODEV");
    lab.run(
        "{'op':'call','fn':'pread','args':{'fd':'d','buf':'page','count':2,'offset':'0x70000000004'}}");
    lab.expect("user(page,2)", "\"0404\"");
    command(0x406);
    lab.expect("pte(nic,0x100000).present", "false");
    assertThat(mapFile("0x200000", 0, 4096)).containsEntry("ret", 0);
    lab.expect("pte(nic,0x200000).pa", "\"0xe0001000\"");
  }

  @Test
  void aDmaBufMadeWhileMemoryIsOffWaitsForIt() {
    mapped();
    command(0);
    dmaBuf("'offset':0,'length':4096");
    assertThat(mapFile("0x300000", 0, 4096)).containsEntry("errno", "ENODEV");
    command(2);
    assertThat(mapFile("0x300000", 0, 4096)).containsEntry("ret", 0);
  }

  @Test
  void aResetTakesItAwayAndKeepsTheCommandRegister() {
    mapped();
    lab.run("{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_RESET'}");
    lab.expect("result.ret", "0");
    lab.expect("pte(nic,0x100000).present", "false");
    assertThat(mapFile("0x200000", 0, 4096)).containsEntry("ret", 0);
    command(0);
    lab.run("{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_RESET'}");
    assertThat(mapFile("0x300000", 0, 4096)).containsEntry("errno", "ENODEV");
  }

  @Test
  void closingTheDeviceTakesItAwayForGood() {
    mapped();
    lab.run("{'op':'user.free','at':'bar'}", "{'op':'close','fd':'d'}");
    assertThat(mapFile("0x200000", 0, 4096)).containsEntry("errno", "ENODEV");
    lab.run("{'op':'open','path':'/dev/vfio/devices/vfio0','as':'e'}");
    assertThat(mapFile("0x200000", 0, 4096)).containsEntry("errno", "ENODEV");
  }

  @Test
  void aDeviceThatMaySleepIsNotReached() {
    mapped();
    lab.run("{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_FEATURE','arg':{'flags':'0x20003'}}");
    lab.expect("result.ret", "0");
    lab.expect("pte(nic,0x100000).present", "false");
    assertThat(mapFile("0x200000", 0, 4096)).containsEntry("errno", "ENODEV");
    lab.run("{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_FEATURE','arg':{'flags':'0x20005'}}");
    assertThat(mapFile("0x200000", 0, 4096)).containsEntry("ret", 0);
  }

  @ParameterizedTest
  @CsvSource({"5.4, 0, 0", "6.12, EFAULT, 0"})
  void type1FindsNoRegistersThatAreSwitchedOff(String era, String off, String on) {
    boot(era, "classic", true);
    lab.run(
        "{'op':'open','path':'/dev/vfio/vfio','as':'c'}",
        "{'op':'open','path':'/dev/vfio/0','as':'g'}",
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_SET_CONTAINER','arg':{'container':'c'}}",
        "{'op':'ioctl','fd':'c','cmd':'VFIO_SET_IOMMU','arg':{'type':3}}",
        "{'op':'ioctl','fd':'g','cmd':'VFIO_GROUP_GET_DEVICE_FD','arg':{'name':'0000:00:03.0'},'as':'d'}",
        "{'op':'user.alloc','as':'page','len':4096}");
    mmap("0x0", 4096);
    command(0x404);
    assertThat(mapBar()).isEqualTo(off);
    command(0x406);
    assertThat(mapBar()).isEqualTo(off.equals("0") ? "EEXIST" : on);
  }

  private String mapBar() {
    Map<String, Object> result =
        lab.run(
            "{'op':'ioctl','fd':'c','cmd':'VFIO_IOMMU_MAP_DMA','arg':{'flags':3,'vaddr':'bar','iova':'0x100000','size':4096}}");
    return String.valueOf(result.getOrDefault("errno", result.get("ret")));
  }
}
