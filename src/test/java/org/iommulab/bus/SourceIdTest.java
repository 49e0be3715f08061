package org.iommulab.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceIdTest {

  @Test
  void everyIdSurvivesItsText() {
    for (int value = 0; value <= 0xFFFF; value++) {
      var id = new SourceId(value);
      assertThat(SourceId.parse(id.toString())).contains(id);
      assertThat(SourceId.of(id.bus(), id.device(), id.function())).isEqualTo(id);
      assertThat(id.devfn()).isEqualTo(value & 0xFF);
    }
  }

  @Test
  void segmentInFrontIsAccepted() {
    assertThat(SourceId.parse("0000:3a:1f.7")).contains(SourceId.of(0x3A, 0x1F, 7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00:20.0", "00:1f.8", "0:1.0", "00:03", "00:03.0x", "00:1g.0"})
  void otherTextIsNoId(String text) {
    assertThat(SourceId.parse(text)).isEmpty();
  }

  @Test
  void sixteenBitsAreAll() {
    assertThatThrownBy(() -> new SourceId(0x10000)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SourceId(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
