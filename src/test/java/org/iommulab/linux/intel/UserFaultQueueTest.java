package org.iommulab.linux.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.intel.ScalableLab.GPU;
import static org.iommulab.linux.intel.ScalableLab.P;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.ats.PageGroupResponse;
import org.iommulab.bus.ats.PageRequestMessage;
import org.iommulab.linux.process.MemoryOptions;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;

/** Page requests of a device behind VT-d go to user space if its page table says so. */
final class UserFaultQueueTest {

  private static final int NEST_PARENT = 1;
  private static final int FAULT_ID_VALID = 4;

  private final ScalableLab lab = ScalableLab.machine().boot();
  private final int faultFile;
  private final int hwpt;

  UserFaultQueueTest() {
    lab.openIommufd();
    int ioas = lab.ioas();
    long ram = lab.process.alloc(16 * P, MemoryOptions.PLAIN).ret();
    lab.map(ioas, ram, 16 * P, 0);
    int parent = lab.hwpt(1, ioas, NEST_PARENT);
    assertThat(lab.iommu(Uapi.IOMMU_FAULT_QUEUE_ALLOC).errno()).isNull();
    int fault = lab.out(Uapi.IOMMU_FAULT_QUEUE_ALLOC, "out_fault_id");
    faultFile = lab.out(Uapi.IOMMU_FAULT_QUEUE_ALLOC, "out_fault_fd");
    byte[] table =
        ByteBuffer.allocate(24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(0)
            .putLong(0x1000)
            .putInt(48)
            .array();
    assertThat(
            lab.iommu(
                    Uapi.IOMMU_HWPT_ALLOC,
                    "dev_id",
                    1,
                    "pt_id",
                    parent,
                    "flags",
                    FAULT_ID_VALID,
                    "data_type",
                    1,
                    "data_len",
                    24,
                    "data_uptr",
                    lab.data(table),
                    "fault_id",
                    fault)
                .errno())
        .isNull();
    hwpt = lab.out(Uapi.IOMMU_HWPT_ALLOC, "out_hwpt_id");
  }

  private void ask(int group) {
    lab.gpuTlb.request(
        new PageRequestMessage(GPU, Pasid.NONE, 0x40_0000, true, true, false, false, true, group));
    lab.deliver();
  }

  @Test
  void theUserReadsTheRequestAndAnswersIt() {
    assertThat(lab.attach(GPU, hwpt).errno()).isNull();
    ask(6);
    assertThat(lab.gpuTlb.drainResponses()).as("nobody has answered yet").isEmpty();
    assertThat(lab.process.readFile(faultFile, lab.scratch + 2048, 40).ret()).isEqualTo(40);
    byte[] record = new byte[40];
    lab.process.read(lab.scratch + 2048, record);
    ByteBuffer request = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(request.getInt(12)).isEqualTo(6);
    assertThat(request.getLong(24)).isEqualTo(0x40_0000);
    byte[] answer =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(request.getInt(36)).array();
    lab.process.write(lab.scratch + 2048, answer);
    assertThat(lab.process.writeFile(faultFile, lab.scratch + 2048, 8).ret()).isEqualTo(8);
    assertThat(lab.gpuTlb.drainResponses())
        .containsExactly(new PageGroupResponse(Pasid.NONE, 6, PageGroupResponse.SUCCESS));
  }

  @Test
  void detachingAnswersWhatWaits() {
    lab.attach(GPU, hwpt);
    ask(7);
    lab.call(GPU, Uapi.VFIO_DEVICE_DETACH_IOMMUFD_PT);
    assertThat(lab.gpuTlb.drainResponses())
        .extracting(PageGroupResponse::code)
        .containsExactly(PageGroupResponse.INVALID_REQUEST);
  }

  @Test
  void aDeviceThatCannotAskIsRefused() {
    assertThat(lab.attach(ScalableLab.NIC, hwpt).errno()).isEqualTo(Errno.ENODEV);
  }
}
