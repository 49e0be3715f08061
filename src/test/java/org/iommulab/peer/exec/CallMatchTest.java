package org.iommulab.peer.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.linux.program.Request;
import org.junit.jupiter.api.Test;

/** Words that calls are looked for by, and the gate that stops at them. */
final class CallMatchTest {

  /** {@code IOMMU_IOAS_MAP} of 64 KiB at IOVA 1 MiB. */
  private static final ProgramCall MAP =
      ProgramCall.of(
          new Request.OnFile(77, 77, Request.Kind.IOCTL, 3, 0x3B85, 0x7000, 0),
          (address, bytes) -> {
            byte[] struct = new byte[40];
            struct[0] = 40;
            struct[8] = 2;
            struct[17] = 0x70;
            struct[26] = 1;
            struct[34] = 0x10;
            return struct;
          });

  private static boolean fits(String words, String errno) {
    return CallMatch.of(words).fits(MAP, "qemu", errno.isEmpty() ? null : errno);
  }

  @Test
  void callIsNamedAsTheHeadersNameIt() {
    assertThat(MAP.text())
        .isEqualTo(
            "IOMMU_IOAS_MAP flags=0x0 ioas_id=2 user_va=0x7000 length=0x10000 iova=0x100000");
  }

  @Test
  void everyWordHasToFit() {
    assertThat(fits("", "")).isTrue();
    assertThat(fits("ioas_map qemu 77", "")).isTrue();
    assertThat(fits("ioas_map 78", "")).isFalse();
    assertThat(fits("unmap", "")).isFalse();
  }

  @Test
  void addressIsOneTheCallIsAbout() {
    assertThat(fits("0x10ffff", "")).isTrue();
    assertThat(fits("0x110000", "")).isFalse();
    assertThat(fits("0x7000", "")).isTrue();
  }

  @Test
  void errnoIsHowItEnds() {
    assertThat(fits("EEXIST", "EEXIST")).isTrue();
    assertThat(fits("EEXIST", "")).isFalse();
    assertThat(fits("failed", "EINVAL")).isTrue();
    assertThat(fits("failed", "")).isFalse();
    assertThat(CallMatch.list("EEXIST, 0x1000,,")).hasSize(2);
  }

  @Test
  void closedGateLetsOneCallPassForEachStep() {
    var gate = new Gate();
    gate.pause();
    assertThat(gate.admits(MAP, "qemu")).isFalse();
    assertThat(gate.waiting()).isEqualTo(MAP);
    gate.step();
    assertThat(gate.admits(MAP, "qemu")).isTrue();
    assertThat(gate.admits(MAP, "qemu")).isFalse();
    gate.goOn();
    assertThat(gate.admits(MAP, "qemu")).isTrue();
    assertThat(gate.waiting()).isNull();
  }

  @Test
  void gateStopsBeforeACallAndAfterAnErrno() {
    var gate = new Gate();
    gate.setStops(CallMatch.list("IOMMU_IOAS_MAP, ENOSPC"));
    assertThat(gate.admits(MAP, "qemu")).isFalse();
    gate.goOn();
    assertThat(gate.admits(MAP, "qemu")).isTrue();
    gate.setStops(List.of(CallMatch.of("ENOSPC")));
    assertThat(gate.admits(MAP, "qemu")).isTrue();
    gate.ended(MAP, "qemu", "EEXIST");
    assertThat(gate.isClosed()).isFalse();
    gate.ended(MAP, "qemu", "ENOSPC");
    assertThat(gate.isClosed()).isTrue();
  }
}
