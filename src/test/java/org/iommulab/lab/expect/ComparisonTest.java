package org.iommulab.lab.expect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

  @ParameterizedTest
  @CsvSource({
    "4096, 0x1000, true",
    "4096, 0x1_000, true",
    "0xFFFFFFFFFFFFFFFF, -1, false",
    "0xffffffffffffffff, 18446744073709551615, true",
    "EINVAL, EINVAL, true",
    "EINVAL, einval, false",
    "0xzz, 0xzz, true",
    "1, one, false",
  })
  void numbersAreComparedByValueAndWordsByLetters(String actual, String expected, boolean equal) {
    assertThat(Comparison.holds(actual, expected)).isEqualTo(equal);
  }

  @Test
  void nothingIsExpectedByNullOrFalse() {
    assertThat(Comparison.holds(null, null)).isTrue();
    assertThat(Comparison.holds(null, false)).isTrue();
    assertThat(Comparison.holds(null, true)).isFalse();
    assertThat(Comparison.holds(null, 0)).isFalse();
    assertThat(Comparison.holds(0L, null)).isFalse();
  }

  @Test
  void truthAsksWhetherItIsThere() {
    assertThat(Comparison.holds(List.of(), true)).isFalse();
    assertThat(Comparison.holds(List.of(1), true)).isTrue();
    assertThat(Comparison.holds(0L, false)).isTrue();
    assertThat(Comparison.holds(Map.of(), true)).isTrue();
  }

  @Test
  void aListIsComparedByElementsOrLength() {
    List<Long> list = List.of(1L, 2L);
    assertThat(Comparison.holds(list, List.of(1, "0x2"))).isTrue();
    assertThat(Comparison.holds(list, List.of(1))).isFalse();
    assertThat(Comparison.holds(list, 2)).isTrue();
  }

  @Test
  void aStructureIsComparedByTheFieldsNamedOrItsRawValue() {
    Map<String, Object> entry = Map.of("raw", 0x1003L, "R", 1L, "W", 1L);
    assertThat(Comparison.holds(entry, Map.of("R", 1))).isTrue();
    assertThat(Comparison.holds(entry, Map.of("R", 1, "X", 1))).isFalse();
    assertThat(Comparison.holds(entry, "0x1003")).isTrue();
    assertThat(Comparison.holds(Map.of("R", 1L), 1)).isFalse();
  }
}
