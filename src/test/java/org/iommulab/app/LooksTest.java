package org.iommulab.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.app.Looks.Size;
import org.iommulab.lab.language.Reading;
import org.iommulab.ui.Theme.Choice;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.api.Test;

/** What {@code render} is asked for is drawn, or refused in a sentence. */
final class LooksTest {

  private static String refused(List<String> sizes, List<String> themes, int text) {
    return Looks.parse(sizes, themes, text) instanceof Reading.Bad<Looks>(Bilingual sentence)
        ? sentence.english()
        : "";
  }

  @Test
  void everySizeIsDrawnInEveryTheme() {
    assertThat(Looks.parse(List.of("1280x800", "1920x1080"), List.of("dark", "CONTRAST"), 140))
        .isEqualTo(
            new Reading.Good<>(
                new Looks(
                    List.of(new Size(1280, 800), new Size(1920, 1080)),
                    List.of(Choice.DARK, Choice.CONTRAST),
                    140)));
    assertThat(Looks.ORDINARY.all(new Size(1280, 800)))
        .extracting(Object::toString)
        .containsExactly("1280x800-light", "1280x800-dark");
    assertThat(Looks.ORDINARY.light(new Size(1280, 800))).hasSize(1);
  }

  @Test
  void whatIsNoSizeThemeOrTextIsRefused() {
    assertThat(refused(List.of("big"), List.of(), 100)).contains("--size", "\"big\"");
    assertThat(refused(List.of("100x9999"), List.of(), 100)).contains("320 to 7680", "100x9999");
    assertThat(refused(List.of(), List.of("system"), 100)).contains("--theme", "contrast");
    assertThat(refused(List.of(), List.of(), 69)).contains("--text", "70 to 200");
    assertThat(refused(List.of(), List.of(), 200)).isEmpty();
  }
}
