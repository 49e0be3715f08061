package org.iommulab.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;
import org.iommulab.testing.Seeds;
import org.junit.jupiter.api.Test;

final class LayoutTest {

  /**
   * <pre>
   *   127             72 71  64 63      12 11   3  2  1  0
   *   |    reserved     | DID  | ADDR     | IGN  |PT|  |P |
   * </pre>
   */
  private static final Layout ENTRY =
      Layout.of(
          "entry",
          128,
          "none",
          Field.number("DID", 71, 64, "domain"),
          Field.flag("P", 0, "present"),
          Field.flag("PT", 2, "pass-through").onlyWith("ECAP.PT"),
          Field.ignored(11, 3),
          Field.address("ADDR", 63, 12, "table"));

  @Test
  void gapsBecomeReserved() {
    assertThat(ENTRY.fields())
        .extracting(Field::range)
        .containsExactly("0", "1", "2", "11:3", "63:12", "71:64", "127:72");
    assertThat(ENTRY.quadwords()).isEqualTo(2);
  }

  @Test
  void gapOverSeveralQuadwordsIsCutAtTheirBorders() {
    Layout layout = Layout.of("wide", 256, "none", Field.flag("P", 0, ""));

    assertThat(layout.fields())
        .extracting(Field::range)
        .containsExactly("0", "63:1", "127:64", "191:128", "255:192");
    assertThat(layout.reservedMask(3, Set.of())).isEqualTo(-1L);
  }

  @Test
  void featureDecidesWhatIsReserved() {
    assertThat(ENTRY.reservedMask(0, Set.of())).isEqualTo(0b110);
    assertThat(ENTRY.reservedMask(0, Set.of("ECAP.PT"))).isEqualTo(0b010);
    assertThat(ENTRY.reservedMask(1, Set.of())).isEqualTo(-1L << 8);
  }

  @Test
  void decodingGivesEveryFieldFromBitZeroUp() {
    assertThat(ENTRY.decode(0x1234_5005L, 0x77))
        .extracting(found -> found.field().name() + "=" + Long.toHexString(found.value()))
        .containsExactly(
            "P=1", "reserved=0", "PT=1", "ignored=0", "ADDR=12345000", "DID=77", "reserved=0");
  }

  @Test
  void mistakesInADeclarationAreRefused() {
    Field low = Field.number("LOW", 7, 0, "");

    assertThatThrownBy(() -> Layout.of("l", 64, "", low, Field.flag("B", 7, "")))
        .hasMessageContaining("bit 7");
    assertThatThrownBy(() -> Layout.of("l", 32, "", Field.flag("B", 40, "")))
        .hasMessageContaining("ends at bit 40");
    assertThatThrownBy(() -> new Layout("l", 64, "", java.util.List.of(low)))
        .hasMessageContaining("bits from 8");
    assertThatThrownBy(() -> ENTRY.field("NAME")).isInstanceOf(NoSuchElementException.class);
  }

  @Seeds
  void fieldsOfALayoutCoverEachBitOnce(long seed) {
    var random = new Random(seed);
    int bits = (random.nextInt(8) + 1) * 64;
    var declared = new ArrayList<Field>();
    for (int at = random.nextInt(5); at < bits; ) {
      int high = Math.min(at + random.nextInt(20), at / 64 * 64 + 63);
      declared.add(Field.number("F" + at, high, at, ""));
      at = high + 1 + random.nextInt(10);
    }
    java.util.Collections.shuffle(declared, random);
    Layout layout = Layout.of("random", bits, "none", declared.toArray(Field[]::new));

    long[] covered = new long[layout.quadwords()];
    long[] values = random.longs(layout.quadwords()).toArray();
    long[] rebuilt = new long[layout.quadwords()];
    for (FieldValue found : layout.decode(values)) {
      Field field = found.field();
      assertThat(covered[field.quadword()] & field.mask()).isZero();
      covered[field.quadword()] |= field.mask();
      rebuilt[field.quadword()] = field.with(rebuilt[field.quadword()], found.value());
    }
    assertThat(covered).containsOnly(-1L);
    assertThat(rebuilt).isEqualTo(values);
  }
}
