package org.iommulab.ui.form;

import java.util.List;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/**
 * One field of a form. Its text has the key {@code form.ID}; its control is {@code #FORM-ID-field}.
 *
 * @param id such as {@code iova}
 * @param kind how it is entered
 * @param choices what can be chosen; empty unless it is a choice
 * @param value what is entered; {@code true} or {@code false} for a check box
 */
record FormField(String id, Kind kind, List<Choice> choices, StringProperty value) {

  /** How a field is entered. */
  enum Kind {
    TEXT,
    CHOICE,
    CHECK
  }

  /** Something to choose: what is kept and what is shown. */
  record Choice(String value, String shown) {}

  static FormField text(String id, String value) {
    return new FormField(id, Kind.TEXT, List.of(), new SimpleStringProperty(value));
  }

  static FormField check(String id) {
    return new FormField(id, Kind.CHECK, List.of(), new SimpleStringProperty("false"));
  }

  /** A choice, the first one chosen. */
  static FormField choice(String id, List<Choice> choices) {
    String first = choices.isEmpty() ? "" : choices.getFirst().value();
    return new FormField(id, Kind.CHOICE, List.copyOf(choices), new SimpleStringProperty(first));
  }

  /** Sets the value if it is one that the field can have; nothing otherwise. */
  void beginWith(String wanted) {
    boolean possible =
        switch (kind) {
          case TEXT -> !wanted.isEmpty();
          case CHOICE -> choices.stream().anyMatch(choice -> choice.value().equals(wanted));
          case CHECK -> false;
        };
    if (possible) {
      value.set(wanted);
    }
  }

  String get() {
    return value.get().strip();
  }

  boolean isChecked() {
    return Boolean.parseBoolean(value.get());
  }
}
