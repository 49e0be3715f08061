package org.iommulab.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class AddressRangeTest {

  @Test
  void holdsItsFirstButNotItsEndAddress() {
    var range = AddressRange.ofSize(0x1000, 0x1000);

    assertThat(range.contains(0x1000, 0x1000)).isTrue();
    assertThat(range.contains(0xFFF, 1)).isFalse();
    assertThat(range.contains(0x2000, 1)).isFalse();
    assertThat(range.contains(0x1FFF, 2)).isFalse();
    assertThat(range.size()).isEqualTo(0x1000);
  }

  @Test
  void hugeLengthsDoNotWrapAround() {
    var range = AddressRange.ofSize(0x1000, 0x1000);

    assertThat(range.contains(0x1000, Long.MAX_VALUE)).isFalse();
    assertThat(range.contains(Long.MAX_VALUE, 8)).isFalse();
    assertThat(range.contains(-8, 8)).isFalse();
  }

  @Test
  void emptyOrNegativeIsNoRange() {
    assertThatThrownBy(() -> new AddressRange(5, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new AddressRange(-1, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AddressRange.ofSize(Long.MAX_VALUE, 8))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
