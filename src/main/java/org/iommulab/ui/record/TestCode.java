package org.iommulab.ui.record;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.iommulab.lab.session.Place;

/**
 * The source of a test against the test kit.
 *
 * @param place where the recording began in a preset, if the journal was that and nothing else
 * @param before the journal's commands at the beginning, as JSON
 * @param lines what was done, as statements
 * @param given the commands this gave, as JSON
 */
record TestCode(
    Optional<Place> place, List<String> before, List<String> lines, List<String> given) {

  private static final String FRAME =
      """
      import static org.iommulab.testkit.LabAssert.assertThat;

      import javafx.scene.input.KeyCode;
      import javafx.stage.Stage;
      import org.iommulab.testkit.LabWindow;
      import org.junit.jupiter.api.Test;
      import org.junit.jupiter.api.extension.ExtendWith;
      import org.testfx.framework.junit5.ApplicationExtension;
      import org.testfx.framework.junit5.Start;

      /** Recorded in the window. */
      @ExtendWith(ApplicationExtension.class)
      class RecordedTest {

        private LabWindow lab;

        @Start
        void start(Stage stage) {
          lab = LabWindow.open(stage);
        }

        @Test
        void whatWasDoneGivesTheSameCommands() {
      %s  }
      }
      """;

  /** The whole file {@code RecordedTest.java}. */
  String text() {
    var body = new StringBuilder();
    line(
        body,
        place
            .map(
                at ->
                    String.format(
                        Locale.ROOT,
                        "lab.preset(%s, %d);",
                        literal(at.preset()),
                        at.steps().size()))
            .orElseGet(() -> "lab.script(" + literals(before) + ");"));
    lines.forEach(each -> line(body, each));
    line(body, "assertThat(lab).hasGiven(" + literals(given) + ");");
    return String.format(Locale.ROOT, FRAME, body);
  }

  private static void line(StringBuilder body, String statement) {
    body.append("    ").append(statement).append('\n');
  }

  private static String literals(List<String> texts) {
    return texts.stream()
        .map(text -> "\n        " + literal(text))
        .collect(Collectors.joining(","));
  }

  /** A Java string literal. */
  static String literal(String text) {
    var literal = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> literal.append('\\').append(c);
        case '\n' -> literal.append("\\n");
        case '\t' -> literal.append("\\t");
        default -> {
          if (c < ' ' || c > '~') {
            literal.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            literal.append(c);
          }
        }
      }
    }
    return literal.append('"').toString();
  }
}
