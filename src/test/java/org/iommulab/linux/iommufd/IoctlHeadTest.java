package org.iommulab.linux.iommufd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.iommulab.lab.ScriptedLab;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an ioctl looks at first, and in which order. */
class IoctlHeadTest {

  private final ScriptedLab lab = new ScriptedLab();

  private void boot(String era) {
    lab.run(
        "{'op':'machine','board':'laboratory'}",
        "{'op':'linux.boot','cmdline':'intel_iommu=on,sm_on','era':'%s'}".formatted(era),
        "{'op':'open','path':'/dev/iommu','as':'iommu'}");
  }

  private Map<String, Object> ioctl(String command, String argument) {
    return lab.run("{'op':'ioctl','fd':'iommu','cmd':'%s','arg':%s}".formatted(command, argument));
  }

  @ParameterizedTest
  @CsvSource({
    // A wrong encoding of a known number: the size is read first.
    "6.18, 0x40003b81, EFAULT",
    "6.18, 0x3b81, EFAULT",
    // Another type: only the number chooses.
    "6.18, 0xab81, EFAULT",
    // The last command of each age, and the one behind it, which nobody reads for.
    "6.18, 0x3b94, EFAULT",
    "6.18, 0x3b95, ENOTTY",
    "6.12, 0x3b8e, EFAULT",
    "6.12, 0x3b8f, ENOTTY",
    "6.3, 0x3b89, ENOTTY",
    "6.18, 0x3b7f, ENOTTY"
  })
  void theSizeIsReadBeforeTheCommandIsRecognised(String era, String command, String errno) {
    boot(era);
    assertThat(ioctl(command, "'0x0'")).containsEntry("errno", errno);
  }

  @Test
  void aWrongEncodingWithAGoodPointerIsUnknown() {
    boot("6.18");
    lab.run("{'op':'user.alloc','as':'b','len':4096}");
    assertThat(ioctl("0x40003b81", "'b'")).containsEntry("errno", "ENOTTY");
  }

  @ParameterizedTest
  @CsvSource({"6.12, EINVAL", "6.18, EINVAL"})
  void unknownFlagsOfADetachAreRefused(String era, String errno) {
    boot(era);
    bind();
    lab.run("{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_DETACH_IOMMUFD_PT','arg':{'flags':2}}");
    lab.expect("result.errno", '"' + errno + '"');
  }

  @ParameterizedTest
  @CsvSource({"6.12, '\"EINVAL\"'", "6.18, 'null'"})
  void detachKnowsPasidsOnlySinceTheyCame(String era, String errno) {
    boot(era);
    bind();
    var result =
        lab.run("{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_DETACH_IOMMUFD_PT','arg':{'flags':1}}");
    assertThat(result.get("errno")).isEqualTo(errno.equals("null") ? null : "EINVAL");
  }

  private void bind() {
    lab.run(
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/devices/0000:00:03.0/driver_override','value':'vfio-pci'}}",
        "{'op':'call','fn':'sysfs_write','args':{'path':'/sys/bus/pci/drivers_probe','value':'0000:00:03.0'}}",
        "{'op':'open','path':'/dev/vfio/devices/vfio0','as':'d'}",
        "{'op':'ioctl','fd':'d','cmd':'VFIO_DEVICE_BIND_IOMMUFD','arg':{'iommufd':'iommu'}}");
  }

  @ParameterizedTest
  @CsvSource({"6.18, ENOENT", "7.3, EINVAL"})
  void invalidationsAreBoundedBeforeTheirTargetIsLookedFor(String era, String errno) {
    boot(era);
    lab.run("{'op':'user.alloc','as':'b','len':4096}");
    for (String more :
        new String[] {"'entry_len':4097,'entry_num':1", "'entry_len':8,'entry_num':524289"}) {
      assertThat(ioctl("IOMMU_HWPT_INVALIDATE", "{'hwpt_id':9,'data_uptr':'b'," + more + "}"))
          .containsEntry("errno", errno);
    }
  }

  @Test
  void idsAreTheLowestThatAreFree() {
    boot("6.18");
    for (int i = 1; i <= 3; i++) {
      lab.run("{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_ALLOC','as':'i%d'}".formatted(i));
    }
    ioctl("IOMMU_DESTROY", "{'id':2}");
    ioctl("IOMMU_DESTROY", "{'id':1}");
    lab.run("{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_ALLOC','as':'a'}");
    lab.expect("result.out.out_ioas_id", "1");
    lab.run("{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_ALLOC','as':'b'}");
    lab.expect("result.out.out_ioas_id", "2");
    lab.run("{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_ALLOC','as':'c'}");
    lab.expect("result.out.out_ioas_id", "4");
  }
}
