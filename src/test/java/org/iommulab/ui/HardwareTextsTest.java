package org.iommulab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bits.Measure;
import org.iommulab.ui.view.part.FaultWords;
import org.iommulab.ui.view.part.FieldWords;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.layout.ContextEntry;
import org.iommulab.vtd.layout.ExtendedCapabilityLayout;
import org.iommulab.vtd.layout.FaultReason;
import org.iommulab.vtd.layout.FaultRecord;
import org.iommulab.vtd.layout.FirstStageEntry;
import org.iommulab.vtd.layout.InvalidationDescriptor;
import org.iommulab.vtd.layout.Irte;
import org.iommulab.vtd.layout.PageRequest;
import org.iommulab.vtd.layout.PasidDirectoryEntry;
import org.iommulab.vtd.layout.PasidEntry;
import org.iommulab.vtd.layout.PostedDescriptor;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;
import org.iommulab.vtd.layout.RootEntry;
import org.iommulab.vtd.layout.ScalableContextEntry;
import org.iommulab.vtd.layout.SecondStageEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HardwareTextsTest {

  /** Numbers, names and units that are the same in both languages. */
  private static final String NEUTRAL =
      "[\\p{ASCII}&&[^a-z]]*|ExtINT|[a-z0-9_]+_[a-z0-9_]+|\\d+ .iB";

  private final Texts english = new Texts(Locale.ENGLISH);
  private final Texts chinese = new Texts(Locale.SIMPLIFIED_CHINESE);

  private static List<Layout> layouts() {
    return Stream.of(
            RegisterLayouts.withOptional().stream().map(Register::layout),
            Stream.of(InvalidationDescriptor.values()).map(InvalidationDescriptor::layout),
            Stream.of(
                RootEntry.LEGACY,
                RootEntry.SCALABLE,
                ContextEntry.LAYOUT,
                ScalableContextEntry.LAYOUT,
                PasidDirectoryEntry.LAYOUT,
                PasidEntry.LAYOUT,
                FaultRecord.LAYOUT,
                PageRequest.LAYOUT,
                Irte.REMAPPED,
                Irte.POSTED,
                PostedDescriptor.LAYOUT,
                CapabilityLayout.LAYOUT,
                ExtendedCapabilityLayout.LAYOUT),
            Stream.of(FirstStageEntry.class, SecondStageEntry.class)
                .flatMap(type -> Stream.of(type.getFields()))
                .filter(field -> field.getType() == Layout.class)
                .map(HardwareTextsTest::layout))
        .flatMap(each -> each)
        .toList();
  }

  private static Layout layout(java.lang.reflect.Field constant) {
    try {
      return (Layout) constant.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** Everything the layouts say in English. */
  private static Set<String> words() {
    var words = new TreeSet<String>(Measure.allWords());
    for (Layout layout : layouts()) {
      if (layout.name().contains(" ")) {
        words.add(layout.name());
      }
      for (Field field : layout.fields()) {
        words.add(field.meaning());
        words.addAll(field.values().values());
      }
    }
    words.removeIf(text -> text.matches(NEUTRAL));
    return words;
  }

  @Test
  void everythingTheLayoutsSayIsSaidInChinese() {
    List<String> missing =
        words().stream()
            .filter(text -> !FieldWords.words(text).in(chinese).matches(".*\\p{IsHan}.*"))
            .toList();
    assertThat(missing).isEmpty();
  }

  @Test
  void noTwoPhrasesShareAKey() {
    var keys =
        words().stream()
            .map(text -> text.toLowerCase(Locale.ROOT).replace('-', ' '))
            .distinct()
            .map(FieldWords::key)
            .toList();
    assertThat(keys).doesNotHaveDuplicates();
    assertThat(chinese.keys("bits.")).isSubsetOf(keys);
  }

  @ParameterizedTest
  @EnumSource(FaultReason.class)
  void everyFaultReasonSpeaksBothLanguages(FaultReason reason) {
    assertThat(FaultWords.text(reason).in(english)).isEqualTo(reason.text());
    assertThat(FaultWords.cause(reason).in(english)).isEqualTo(reason.cause());
    assertThat(FaultWords.text(reason).in(chinese)).matches(".*\\p{IsHan}.*");
    assertThat(FaultWords.cause(reason).in(chinese)).matches(".*\\p{IsHan}.*");
    assertThat(FieldWords.reading(FaultRecord.FR, reason.code()).in(english))
        .isEqualTo(reason.text());
  }

  @Test
  void valuesSayWhatTheyStandFor() {
    assertThat(read(CapabilityLayout.MGAW, 0x2F)).isEqualTo("48 bits");
    assertThat(read(CapabilityLayout.ND, 6)).isEqualTo("65536 domains");
    assertThat(read(CapabilityLayout.SAGAW, 6)).isEqualTo("39 bits, 3 levels, 48 bits, 4 levels");
    assertThat(read(CapabilityLayout.SSLPS, 3)).isEqualTo("2 MiB, 1 GiB");
    assertThat(read(CapabilityLayout.FRO, 0x22)).isEqualTo("at offset 220");
    assertThat(read(CapabilityLayout.NFR, 7)).isEqualTo("8 registers");
    assertThat(read(CapabilityLayout.MAMV, 0x3F)).isEqualTo("9223372036854775808 pages");
    assertThat(read(ContextEntry.AW, 2)).isEqualTo("48 bits, 4 levels");
    assertThat(read(PasidEntry.PGTT, 3)).isEqualTo("nested");
    assertThat(read(PasidEntry.PAT, 0x0007_0406L)).startsWith("WB UC WT UC UC- UC");
    assertThat(read(RegisterLayouts.IOTLB.field("IIRG"), 2)).isEqualTo("domain");
    assertThat(read(FaultRecord.SID, 0x18)).isEqualTo("00:03.0");
    assertThat(read(RegisterLayouts.GSTS.field("TES"), 1)).isEmpty();
    assertThat(FieldWords.reading(CapabilityLayout.MGAW, 0x2F).in(chinese)).isEqualTo("48 位");
  }

  private String read(Field field, long value) {
    return FieldWords.reading(field, value).in(english);
  }
}
