package org.iommulab.testkit;

import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;

/** A form that makes a command. */
public final class FormPage {

  private final LabWindow lab;
  private final String name;

  FormPage(LabWindow lab, String name) {
    this.lab = lab;
    this.name = name;
  }

  /** Fills in a field; for a choice the text of a line. */
  public FormPage set(String field, String text) {
    String id = "#" + name + "-" + field + "-field";
    Node node = lab.find(id);
    if (node instanceof TextInputControl) {
      lab.write(id, text);
    } else if (node instanceof ComboBox<?> choice) {
      for (int i = 0; i < choice.getItems().size(); i++) {
        if (String.valueOf(choice.getItems().get(i)).contains(text)) {
          lab.choose(id, i);
          return this;
        }
      }
      throw new AssertionError(id + " has no choice with " + text + ": " + choice.getItems());
    }
    return this;
  }

  /** Gives the command. */
  public void give() {
    lab.click("#" + name + "-give");
  }

  /** What is wrong with the fields, or an empty text. */
  public String problem() {
    return lab.visible("#" + name + "-problem")
        .map(node -> String.valueOf(((Labeled) node).getText()))
        .orElse("");
  }

  /** Closes it without a command. */
  public void close() {
    lab.click("#" + name + "-close");
  }
}
