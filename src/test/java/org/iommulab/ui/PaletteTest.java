package org.iommulab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javafx.scene.paint.Color;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaletteTest {

  /** The least contrast for text that WCAG 2 calls level AA. */
  private static final double LEAST = 4.5;

  @ParameterizedTest
  @EnumSource(value = Theme.Choice.class, names = "SYSTEM", mode = EnumSource.Mode.EXCLUDE)
  void textCanBeReadOnEveryBackground(Theme.Choice variant) {
    Palette palette = Theme.palette(variant);
    for (String text : List.of("fg", "muted")) {
      for (String background : List.of("bg", "bg2", "bg3")) {
        assertReadable(variant, palette, text, background);
      }
    }
    for (Role role : Role.values()) {
      String token = role.colour().substring("-lab-".length());
      assertReadable(variant, palette, token, "bg");
      assertReadable(variant, palette, token, "bg2");
      assertReadable(variant, palette, token, role.background().substring("-lab-".length()));
      assertReadable(variant, palette, "fg", role.background().substring("-lab-".length()));
    }
    assertReadable(variant, palette, "on-accent", "accent-fill");
  }

  private static void assertReadable(
      Theme.Choice variant, Palette palette, String text, String background) {
    Color one = palette.get(text);
    Color other = palette.get(background);
    assertThat(Palette.contrast(one, other))
        .as("%s on %s in %s", text, background, variant)
        .isGreaterThanOrEqualTo(LEAST);
  }

  @ParameterizedTest
  @EnumSource(value = Theme.Choice.class, names = "SYSTEM", mode = EnumSource.Mode.EXCLUDE)
  void everyVariantHasTheSameTokens(Theme.Choice variant) {
    assertThat(Theme.palette(variant).tokens().keySet())
        .isEqualTo(Theme.palette(Theme.Choice.LIGHT).tokens().keySet());
  }
}
