package org.iommulab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.iommulab.ui.view.part.FaultWords;
import org.iommulab.vtd.layout.FaultReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HardwareTextsTest {

  private final Texts english = new Texts(Locale.ENGLISH);
  private final Texts chinese = new Texts(Locale.SIMPLIFIED_CHINESE);

  @ParameterizedTest
  @EnumSource(FaultReason.class)
  void everyFaultReasonSpeaksBothLanguages(FaultReason reason) {
    assertThat(FaultWords.text(reason).in(english)).isEqualTo(reason.text());
    assertThat(FaultWords.cause(reason).in(english)).isEqualTo(reason.cause());
    assertThat(FaultWords.text(reason).in(chinese)).matches(".*\\p{IsHan}.*");
    assertThat(FaultWords.cause(reason).in(chinese)).matches(".*\\p{IsHan}.*");
  }
}
