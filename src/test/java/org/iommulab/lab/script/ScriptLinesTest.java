package org.iommulab.lab.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.iommulab.lab.language.Reading;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.api.Test;

/** Loops of scripts are laid out when the file is read. */
final class ScriptLinesTest {

  private static String laidOut(String... lines) {
    return switch (Script.parse("test", String.join("\n", lines))) {
      case Reading.Good<Script>(Script script) -> script.toText();
      case Reading.Bad<Script>(Bilingual sentence) -> sentence.english();
    };
  }

  private static final String END = "{\"op\":\"end\"}";

  private static String repeat(String name, long from, long to, long step) {
    return String.format(
        Locale.ROOT,
        "{\"op\":\"repeat\",\"as\":\"%s\",\"from\":%d,\"to\":%d,\"step\":%d}",
        name,
        from,
        to,
        step);
  }

  private static String let(String name, long value) {
    return String.format(Locale.ROOT, "{\"op\":\"let\",\"as\":\"%s\",\"value\":%d}\n", name, value);
  }

  @Test
  void everyRoundNamesItsNumber() {
    assertThat(laidOut(repeat("n", 2, 7, 3), "{\"op\":\"reset\"}", END))
        .isEqualTo(let("n", 2) + "{\"op\":\"reset\"}\n" + let("n", 5) + "{\"op\":\"reset\"}\n");
  }

  @Test
  void loopsNest() {
    assertThat(laidOut(repeat("a", 0, 1, 1), repeat("b", 8, 8, 1), END, END))
        .isEqualTo(let("a", 0) + let("b", 8) + let("a", 1) + let("b", 8));
  }

  @Test
  void aLoopThatDoesNotCloseIsABadScript() {
    assertThat(laidOut(repeat("n", 0, 1, 1))).isEqualTo("test: a \"repeat\" has no \"end\"");
    assertThat(laidOut(END)).isEqualTo("test, line 1: there is no \"repeat\" for this \"end\"");
    assertThat(laidOut(repeat("n", 0, 1, 0)))
        .isEqualTo("test, line 1: repeat: \"step\" must be 1 or more");
  }

  @Test
  void endlessLoopsAreRefused() {
    assertThat(laidOut(repeat("n", 0, Long.MAX_VALUE, 1), "{\"op\":\"reset\"}", END))
        .isEqualTo("test, line 3: a script has 1000000 commands at most, loops laid out");
  }
}
