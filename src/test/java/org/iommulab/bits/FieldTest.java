package org.iommulab.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.iommulab.testing.Seeds;
import org.junit.jupiter.api.Test;

final class FieldTest {

  @Seeds
  void whatIsPutInComesOutAndNothingElseChanges(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      int low = random.nextInt(64);
      int high = low + random.nextInt(64 - low);
      int quadword = random.nextInt(4);
      Field number = Field.number("N", quadword * 64 + high, quadword * 64 + low, "");
      Field address = Field.address("A", quadword * 64 + high, quadword * 64 + low, "");
      long old = random.nextLong();
      long value = random.nextLong();
      long mask = number.mask();

      assertThat(number.quadword()).isEqualTo(quadword);
      assertThat(Long.bitCount(mask)).isEqualTo(number.width());
      assertThat(number.get(number.with(old, value)) << low).isEqualTo(value << low & mask);
      assertThat(number.with(old, value) & ~mask).isEqualTo(old & ~mask);
      assertThat(number.with(old, number.get(old))).isEqualTo(old);
      assertThat(address.get(address.with(old, value))).isEqualTo(value & mask);
      assertThat(address.with(old, value) & ~mask).isEqualTo(old & ~mask);
      assertThat(number.isSet(old)).isEqualTo(number.get(old) != 0);
    }
  }

  @Test
  void wholeQuadwordIsAField() {
    Field field = Field.number("ALL", 127, 64, "");

    assertThat(field.mask()).isEqualTo(-1L);
    assertThat(field.get(new long[] {1, -2})).isEqualTo(-2);
    assertThat(field.with(5, -7)).isEqualTo(-7);
  }

  @Test
  void fieldNeverCrossesAQuadword() {
    assertThatThrownBy(() -> Field.number("N", 64, 63, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Field.number("N", 3, 4, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rangeIsWrittenAsSpecificationsWriteIt() {
    assertThat(Field.flag("P", 0, "").range()).isEqualTo("0");
    assertThat(Field.address("A", 63, 12, "").range()).isEqualTo("63:12");
  }

  @Test
  void namedValuesAddUp() {
    Field field = Field.number("TT", 3, 2, "").value(0, "second stage").value(2, "pass-through");

    assertThat(new FieldValue(field, 2).valueName()).isEqualTo("pass-through");
    assertThat(new FieldValue(field, 1).valueName()).isNull();
    assertThat(field.onlyWith("PT").values()).hasSize(2);
  }
}
