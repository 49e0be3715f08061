package org.iommulab.ui.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.text.Text;
import javafx.stage.Stage;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabPane;
import org.junit.jupiter.api.Test;
import org.testfx.framework.junit5.Start;

/** A window in Chinese has no English sentences but those of the kernel and of scripts. */
@OnScreen
final class ChineseWindowTest {

  /** Names stand alone; two small words in a row are a sentence. */
  private static final Pattern SENTENCE = Pattern.compile("\\b[a-z]{2,} [a-z]{2,}\\b");

  private static final Pattern CHINESE = Pattern.compile("\\p{IsHan}");

  /** What the kernel prints, what it calls, and commands are the same in every language. */
  private static final Set<String> QUOTED = Set.of("calls", "dmesg", "journal");

  /** Names that are written like sentences: an object of iommufd, an example of a filter. */
  private static final Pattern NAMES = Pattern.compile("iommufd hwpt \\d+|iova in .* && !w");

  private LabWindow lab;

  @Start
  void start(Stage stage) {
    lab = LabWindow.open(stage);
  }

  @Test
  void noPaneSpeaksEnglish() {
    lab.robot().interact(() -> lab.get(Texts.class).setLocale(Locale.SIMPLIFIED_CHINESE));
    var english = new TreeSet<String>();
    for (Preset preset : Presets.all()) {
      lab.preset(preset.name(), preset.steps().size());
      for (LabPane pane : lab.get(Workbench.class).panes()) {
        if (!QUOTED.contains(pane.id())) {
          lab.show(pane.id());
          lab.robot().interact(() -> collect(pane.id(), pane.node(), english));
        }
      }
    }
    assertThat(english).isEmpty();
  }

  private static void collect(String where, Node node, Set<String> english) {
    String text =
        switch (node) {
          case Labeled labeled -> labeled.getText();
          case Text words -> words.getText();
          case TextInputControl field -> field.getPromptText();
          default -> "";
        };
    if (text != null
        && SENTENCE.matcher(text).find()
        && !CHINESE.matcher(text).find()
        && !NAMES.matcher(text).matches()) {
      english.add(where + ": " + text);
    }
    if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(child -> collect(where, child, english));
    }
  }
}
