package org.iommulab.linux.program;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AreaTest {

  @Test
  void lineOfMapsIsRead() {
    Area area = Area.parse("7f00a000-7f00c000 rw-s 00003000 00:01 4711       /memfd:ram (deleted)");
    assertThat(area.start()).isEqualTo(0x7f00a000L);
    assertThat(area.end()).isEqualTo(0x7f00c000L);
    assertThat(area.readable()).isTrue();
    assertThat(area.writable()).isTrue();
    assertThat(area.ofFile()).isTrue();
    assertThat(area.pageOf(0x7f00b000L)).isEqualTo(4);
    assertThat(area.inode()).isEqualTo(Area.identity(0, 1, 4711));
    assertThat(area.name()).isEqualTo("/memfd:ram (deleted)");
  }

  @Test
  void privateMemoryIsNoFile() {
    assertThat(Area.parse("7f00a000-7f00c000 r--p 00000000 08:01 12 /bin/sh").ofFile()).isFalse();
    assertThat(Area.parse("7f00a000-7f00c000 ---p 00000000 00:00 0").readable()).isFalse();
  }

  @Test
  void filesOfDifferentDevicesDiffer() {
    assertThat(Area.identity(0, 1, 7)).isNotEqualTo(Area.identity(8, 1, 7));
    assertThat(Area.identity(8, 1, 0)).isZero();
  }
}
