package org.iommulab.linux.iommufd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iommulab.linux.iommufd.MockBench.A0;
import static org.iommulab.linux.iommufd.MockBench.B;
import static org.iommulab.linux.iommufd.MockBench.P;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.iommulab.linux.NothingLeaks;
import org.iommulab.linux.mm.FailureInjection;
import org.iommulab.linux.uapi.SelftestUapi;
import org.iommulab.linux.uapi.Uapi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each allocation of an operation fails once: ENOMEM, nothing half done, and then it works. */
@ExtendWith(NothingLeaks.class)
final class FailNthTest {

  private final MockBench b = new MockBench();
  private final int ioas = b.ioas();
  private final FailureInjection failures = b.lab.kernel.failures();

  /**
   * Repeats an operation, letting its first, second, … allocation fail, until it succeeds.
   *
   * @param operation answers "OK" or an error
   * @param books what must not change while it fails
   * @return what memory was wanted for
   */
  private Set<String> failing(
      Function<Integer, String> operation, Function<Integer, Object> books) {
    var sites = new LinkedHashSet<String>();
    Object before = books.apply(0);
    for (int n = 1; ; n++) {
      failures.failNth(n);
      String result = operation.apply(n);
      if (failures.remaining() > 0) {
        failures.failNth(0);
        assertThat(result).isEqualTo("OK");
        return sites;
      }
      String site = failures.lastSite();
      assertThat(result).as("without %s", site).isEqualTo("ENOMEM");
      assertThat(books.apply(n)).as("without %s", site).isEqualTo(before);
      sites.add(site);
    }
  }

  private Object books(int round) {
    return b.file.objects().toString() + b.process.memory().pinnedPages();
  }

  @Test
  void aMapNeedsPagesAreaBatchAndTable() {
    MockBench.Std device = b.mock(ioas);
    assertThat(failing(n -> b.mapf(ioas, b.buf, B, A0), this::books))
        .containsExactly(
            "struct iopt_pages",
            "struct iopt_area",
            "struct pfn_batch",
            "the list of page pointers",
            "the mock's page table");
    b.check(device.hwpt(), A0, B, b.buf);
    b.close();
  }

  @Test
  void aFailedAttachLeavesTheMappingsAlone() {
    b.mapf(ioas, b.buf, B, A0);
    assertThat(failing(n -> b.tryMock(ioas, 0), this::books))
        .contains("struct iommufd_hwpt_paging", "struct mock_iommu_domain", "struct iopt_reserved")
        .contains("struct iommufd_attach", "the list of page pointers");
    b.close();
  }

  @Test
  void aFailedCopyTakesNothing() {
    b.mock(ioas);
    b.mapf(ioas, b.buf, P, A0);
    b.mapf(ioas, b.buf + P, P, A0 + P);
    assertThat(failing(n -> b.copy(ioas, A0, 2 * P, ioas, A0 + B, 7), this::books))
        .containsExactly(
            "struct iopt_pages_list",
            "struct iopt_area",
            "struct pfn_batch",
            "the mock's page table");
    assertThat(b.unmap(ioas, 0, -1)).isEqualTo("OK");
    assertThat(b.process.memory().unpinned()).isTrue();
    b.close();
  }

  @Test
  void aFailedReplacementKeepsTheOldAttachment() {
    MockBench.Std device = b.mock(ioas, SelftestUapi.DEVICE_PASID);
    int other = b.ioas();
    assertThat(failing(n -> b.replace(device, other), this::books))
        .contains("struct iommufd_attach_handle", "struct iommufd_hwpt_paging");
    b.close();
  }

  @Test
  void allowedRangesStayWhenTheNewListFails() {
    b.allow(ioas, P, 10 * P);
    assertThat(failing(n -> b.allow(ioas, P, 2 * P, 4 * P, 5 * P), this::books))
        .containsExactly("struct iopt_allowed");
    b.close();
  }

  @Test
  void queuesAreMadeWithTheirFileOrNotAtAll() {
    int fd = b.process.freeDescriptor();
    assertThat(failing(n -> b.io(Uapi.IOMMU_FAULT_QUEUE_ALLOC), this::books))
        .containsExactly("struct iommufd_fault", "the queue's file");
    assertThat(b.process.file(fd)).isNotNull();
    b.process.close(fd);
    b.close();
  }
}
