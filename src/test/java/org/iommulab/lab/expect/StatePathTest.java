package org.iommulab.lab.expect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatePathTest {

  @Test
  void functionArgumentsAndSelectorsAreTakenApart() throws BadPathException {
    StatePath path = StatePath.parse("calls(iommu_map, 0x1_000, \"a, b\")[2].size");
    assertThat(path.function()).isEqualTo("calls");
    assertThat(path.arguments()).containsExactly("iommu_map", 0x1000L, "a, b");
    assertThat(path.selectors()).containsExactly(2, "size");
    assertThat(path.contains()).isNull();
  }

  @Test
  void textThatMustOccurMayHaveDotsAndBrackets() throws BadPathException {
    StatePath path = StatePath.parse("log~\"a.b[0](c\"");
    assertThat(path.contains()).isEqualTo("a.b[0](c");
    assertThat(path.selectors()).isEmpty();
  }

  @Test
  void wordsGetTheirMeaningAndNumbersKeepTheirs() throws BadPathException {
    StatePath path = StatePath.parse("walk(dev, 4096)").withArguments(word -> word + "!");
    assertThat(path.arguments()).isEqualTo(List.of("dev!", 4096L));
  }

  /** A path that breaks off is named with the column at which it does. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''            | a name is missing at column 1",
        "reg(          | the closing bracket is missing at column 5",
        "reg(GSTS      | the closing bracket is missing at column 9",
        "reg(,)        | the closing bracket is missing at column 5",
        "reg(GSTS).    | a name is missing at column 11",
        "calls[x]      | an index is a number at column 9",
        "calls[1       | ']' is missing at column 8",
        "log~text      | '\"' is missing at column 5",
        "log~\"text    | the closing quotation mark is missing at column 6",
        "reg GSTS      | '[' is missing at column 4",
      })
  void whatIsMissingIsNamedWithItsColumn(String text, String complaint) {
    assertThatThrownBy(() -> StatePath.parse(text))
        .isInstanceOf(BadPathException.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageEndingWith(complaint);
  }
}
