package org.iommulab.ui.view.ranges;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.iommulab.ui.Texts;
import org.iommulab.vtd.tables.EntryRights;
import org.iommulab.vtd.tables.MappedRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeFilterTest {

  private static final long TOP = 0xFFFF_FFFF_FFFF_F000L;

  /** A: 1000 read-only, B: 2000 … 200FFF, C: a gigabyte in one page, D: the last page of all. */
  private static final List<MappedRange> ROWS =
      List.of(
          row(0x1000, 0x1000, 0xA000, true, false, 1),
          row(0x2000, 0x1F_F000, 0xB000, true, true, 1),
          row(0x4000_0000L, 0x4000_0000L, 0x1_0000_0000L, true, true, 3),
          row(TOP, 0x1000, 0xC000, false, true, 1));

  private static MappedRange row(
      long iova, long size, long physical, boolean read, boolean write, int level) {
    return new MappedRange(iova, size, physical, EntryRights.of(read, write), level);
  }

  private static String found(String text) {
    if (!(RangeFilter.read(text) instanceof RangeFilter.Good(var filter))) {
      return "bad";
    }
    var names = new StringBuilder();
    for (int i = 0; i < ROWS.size(); i++) {
      names.append(filter.test(ROWS.get(i)) ? "ABCD".substring(i, i + 1) : "");
    }
    return names.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'';ABCD",
        "iova in 1000..2000;AB",
        "iova in 1000..2000 && !w;A",
        "iova in 1fff..1fff;A",
        "iova in 4000_0000..;CD",
        "iova in ..1FFF;A",
        "iova in 0xfffffffffffff000..;D",
        "size >= 2M;C",
        "size<2M;ABD",
        "size = 4 && r;''",
        "size == 4K;AD",
        "size != 4K;BC",
        "page = 1G;C",
        "to in 100000000..17fffffff;C",
        "to >= b000;BCD",
        "!r;D",
        "!(r && w);AD",
        "r && !w || page >= 2M;AC",
        "(r||w)&&iova<=2000;AB",
        "!!r;ABC",
      })
  void whatIsAskedForIsFound(String text, String expected) {
    assertThat(found(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "iova in 1000;13;.. and the last address are expected",
        "iova in x..;9;a hexadecimal address is expected",
        "iova;5;in, or one of = != < <= > >=, is expected",
        "size >= many;9;a number of bytes such as 4K or 2M is expected",
        "r w;3;&& or || is expected",
        "(r;3;a closing parenthesis is expected",
        "colour = 1;1;iova, to, size, page, r or w is expected",
        "r &&;5;iova, to, size, page, r or w is expected",
        "r && %;6;iova, to, size, page, r or w is expected",
      })
  void whatCannotBeReadIsSaidWithItsPlace(String text, int place, String expected) {
    assertThat(RangeFilter.read(text))
        .isInstanceOfSatisfying(
            RangeFilter.Bad.class,
            bad ->
                assertThat(bad.sentence().in(new Texts(Locale.ENGLISH)))
                    .isEqualTo("At character " + place + ": " + expected + "."));
  }

  @Test
  void nestingIsBounded() {
    assertThat(RangeFilter.read("(".repeat(100_000) + "r")).isInstanceOf(RangeFilter.Bad.class);
    assertThat(RangeFilter.read("!".repeat(100_000) + "r")).isInstanceOf(RangeFilter.Bad.class);
  }
}
