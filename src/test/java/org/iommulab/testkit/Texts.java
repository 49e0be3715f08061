package org.iommulab.testkit;

import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.text.Text;

/** What a node says. */
final class Texts {

  private Texts() {}

  /** All words in it, in order, with spaces between. */
  static String in(Node node) {
    return LabWindow.read(() -> words(node));
  }

  private static String words(Node node) {
    if (node instanceof Labeled labeled && labeled.getText() != null) {
      return labeled.getText();
    }
    if (node instanceof Text text) {
      return text.getText();
    }
    return node instanceof javafx.scene.Parent parent
        ? parent.getChildrenUnmodifiable().stream()
            .map(Texts::words)
            .filter(words -> !words.isBlank())
            .collect(Collectors.joining(" "))
        : "";
  }
}
