package org.iommulab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HexTest {

  @Test
  void addressesStandInGroupsOfFour() {
    assertThat(Hex.group(0x1004ABCDEL)).isEqualTo("1_004A_BCDE");
    assertThat(Hex.group(0)).isEqualTo("0");
    assertThat(Hex.qword(0x180000883L)).isEqualTo("0000_0001_8000_0883");
    assertThat(Hex.group(-1L)).isEqualTo("FFFF_FFFF_FFFF_FFFF");
  }

  @Test
  void sizesTakeTheLargestUnitThatDividesThem() {
    assertThat(Hex.size(4096)).isEqualTo("4 KiB");
    assertThat(Hex.size(2L << 20)).isEqualTo("2 MiB");
    assertThat(Hex.size(514L << 12)).isEqualTo("2056 KiB");
    assertThat(Hex.size(0)).isEqualTo("0 B");
    assertThat(Hex.size(5)).isEqualTo("5 B");
  }

  @Test
  void addressesAreReadAsTheyAreWritten() {
    assertThat(Hex.address("1_004A_BCDE")).hasValue(0x1004ABCDEL);
    assertThat(Hex.address(" 0x1004abcde ")).hasValue(0x1004ABCDEL);
    assertThat(Hex.address("wrong")).isEmpty();
    assertThat(Hex.address("")).isEmpty();
    assertThat(Hex.address("1_0000_0000_0000_0000")).isEmpty();
  }

  @Test
  void sizesAreReadWithUnits() {
    assertThat(Hex.bytes("4096")).hasValue(4096);
    assertThat(Hex.bytes("0x1000")).hasValue(4096);
    assertThat(Hex.bytes("4 KiB")).hasValue(4096);
    assertThat(Hex.bytes("2m")).hasValue(2L << 20);
    assertThat(Hex.bytes("4 parsecs")).isEmpty();
    assertThat(Hex.bytes("99999999T")).isEmpty();
  }
}
