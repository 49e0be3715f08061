package org.iommulab.evidence.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Lines of kernels and of QEMU, and what became of the mappings they tell of. */
final class TraceTest {

  private static final String KERNEL =
      """
      # tracer: nop
           init-1       [000] .....     1.000000: attach_device_to_domain: IOMMU: device=0000:00:03.0
           init-1       [000] .....     2.000000: map: IOMMU: iova=0x00000000fffff000 - 0x0000000100000000 paddr=0x0000000001abc000 size=4096
           init-1       [000] .....     2.100000: map: IOMMU: iova=0x00000000ffff0000 - 0x00000000ffff4000 paddr=0x0000000002000000 size=16384
           init-1       [000] d..1.     3.000000: unmap: IOMMU: iova=0x00000000fffff000 - 0x0000000100000000 size=4096 unmapped_size=4096
           init-1       [000] d..1.     3.000100: cache_tag_flush_range: dmar0 0000:00:03.0[0] type iotlb did 4 [0xfffff000-0xffffffff] addr 0xfffff000 pages 0x1 mask 0x0
           init-1       [000] .....     3.500000: io_page_fault: IOMMU:intel 0000:00:03.0 iova=0x00000000fffff010 flags=0x0001
           init-1       [000] d..1.     4.000000: unmap: IOMMU: iova=0x00000000ffff1000 - 0x00000000ffff2000 size=4096 unmapped_size=4096
      """;

  private static Trace read(String text) throws IOException {
    return Trace.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "trace.txt");
  }

  @Test
  void faultKnowsWhenItsAddressWasUnmapped() throws IOException {
    Trace trace = read(KERNEL);
    Mappings.Moment moment = trace.mappings().faults().getFirst();
    assertThat(moment.mapped()).isEmpty();
    assertThat(moment.unmapped()).get().extracting(Event::line).isEqualTo(5L);
    assertThat(TraceReport.text(trace, null, false))
        .contains("0xfffff000-0xffffffff was unmapped 0.500000 s before (line 5)");
  }

  @Test
  void reportDrawsEventsOverTime() throws IOException {
    String text = TraceReport.text(read(KERNEL), null, false);
    assertThat(text.lines().filter(line -> line.startsWith("  00:03.0  ")).toList().getLast())
        .matches("  00:03.0 +a +f +!");
    assertThat(text).contains("(no device)", "1.000000 s", "m map, u unmap");
    assertThat(TraceReport.text(read(KERNEL), null, true)).contains("u 解除映射");
  }

  @Test
  void partOfAMappingThatWasUnmappedLeavesTheRest() throws IOException {
    Mappings mappings = read(KERNEL).mappings();
    assertThat(mappings.open())
        .extracting(Event::iova, Event::size, Event::physical)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0xFFFF0000L, 0x1000L, 0x2000000L),
            org.assertj.core.groups.Tuple.tuple(0xFFFF2000L, 0x2000L, 0x2002000L));
  }

  @Test
  void unmapWithoutFlushIsTold() throws IOException {
    Mappings mappings = read(KERNEL).mappings();
    assertThat(mappings.unflushed()).extracting(Event::line).containsExactly(8L);
  }

  @Test
  void missingFlushesSayNothingWhereNoneAreRecorded() throws IOException {
    String lines =
        String.join("\n", KERNEL.lines().filter(line -> !line.contains("flush")).toList());
    assertThat(read(lines).mappings().unflushed()).isEmpty();
    assertThat(TraceReport.text(read(lines), null, false)).contains("record intel_iommu:*");
  }

  @Test
  void descriptorForPagesFlushesThemOnly() throws IOException {
    // IOTLB invalidation, domain 4, page-selective, address 0xffff1000, mask 0.
    Mappings mappings =
        read(KERNEL
                + "  a-1 [000] d..1. 4.100000: qi_submit: iotlb_inv dmar0: 0x40032 0xffff1000"
                + " 0x0 0x0\n")
            .mappings();
    assertThat(mappings.unflushed()).isEmpty();
  }

  @Test
  void perfAndDmaEventsNameTheirDevice() throws IOException {
    Trace trace =
        read(
            """
            kworker/u8:2    38 [001]     5.000001: dma:dma_map_phys: 0000:02:00.0 dir=TO_DEVICE dma_addr=fffe0000 size=256 phys_addr=1234000 attrs=
            kworker/u8:2    38 [001]     5.000002: dma:dma_map_sg: 0000:02:00.0 dir=TO_DEVICE nents=2/2 ents=2/2 dma_addrs={0xfffd0000,0xfffd1000} sizes={0x1000,0x1000} phys_addrs={0x1,0x2} attrs=
            kworker/u8:2    38 [001]     5.000003: swiotlb:swiotlb_bounced: dev_name: 0000:02:00.0 dma_mask=ffffffff dev_addr=99000 size=4096 NORMAL
            kworker/u8:2    38 [001]     5.000004: dma:dma_unmap_phys: 0000:02:00.0 dir=TO_DEVICE dma_addr=fffe0000 size=256 attrs=
            kworker/u8:2    38 [001]     5.000005: sched:sched_switch: prev_comm=a
            """);
    assertThat(trace.total()).isEqualTo(4);
    assertThat(trace.others()).isEqualTo(1);
    assertThat(trace.mappings().byDevice()).containsOnlyKeys("02:00.0");
    assertThat(trace.mappings().open()).extracting(Event::size).containsExactly(0x2000L);
  }

  @Test
  void qemuNamesRequesterAndClockInBothForms() throws IOException {
    Trace trace =
        read(
            """
            26995@1795324152.801562:vtd_dmar_fault sid 0x50 fault 6 addr 0x1000 write 0
            2026-11-29T10:46:22.099225Z vtd_dmar_translate dev 00:02.00 iova 0xffffe000 -> gpa 0x3b94000 mask 0xfff
            2026-11-29T10:46:22.099225Z x86_iommu_iec_notify Notify
            """);
    assertThat(trace.events()).extracting(Event::device).containsExactly("00:0a.0", "00:02.0");
    assertThat(trace.events().getFirst().seconds()).isEqualTo(1795324152.801562);
    assertThat(trace.events().getLast().physical()).isEqualTo(0x3b94000L);
    assertThat(TraceReport.text(trace, null, false)).contains("does not record mappings");
  }

  @Test
  void linesThatMailSoftwareQuotedAndBrokeAreWhole() throws IOException {
    Trace trace =
        read(
            """
            > > 278@1676297375.587477:vtd_dmar_translate pasid 0xffffffff: dev
            > > 0b:00.00 iova 0x800000000 -> gpa 0x1f2556000 mask 0xfff
            > > 278@1676297375.587577:vtd_dmar_fault sid 0xb00 fault 6
            > > addr 0x118700000 write 0
            > > The address is of the guest.
            # of a comment: 00:03.0
            """);
    assertThat(trace.events()).extracting(Event::device).containsExactly("0b:00.0", "0b:00.0");
    assertThat(trace.events())
        .extracting(Event::iova)
        .containsExactly(0x8_0000_0000L, 0x1_1870_0000L);
    assertThat(trace.others()).isEqualTo(2);
  }

  @Test
  void filterShowsOneDevice() throws IOException {
    Trace trace =
        read(
            """
            1@1.000000:vtd_dmar_fault sid 0x50 fault 6 addr 0x1000 write 0
            1@1.000001:vtd_dmar_fault sid 0x58 fault 6 addr 0x2000 write 0
            """);
    assertThat(TraceReport.text(trace, "00:0b.0", false))
        .contains("00:0b.0 at 0x2000")
        .doesNotContain("00:0a.0 at");
  }
}
