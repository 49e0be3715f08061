package org.iommulab.ui.form;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.iommulab.lab.language.Kind;
import org.iommulab.lab.language.Language;
import org.iommulab.lab.language.Operation;
import org.iommulab.lab.language.Trait;

/**
 * A word of the script language with its fields, as the language's table declares it. So a new word
 * has its form at once.
 *
 * @param op the word, such as {@code ats.translate}
 * @param description what it does, one English sentence
 * @param fields its fields in the table's order
 */
record ScriptWord(String op, String description, List<Field> fields) {

  /** Fields that every word may have and that do nothing. */
  private static final Set<String> REMARKS = Set.of("note", "tags");

  ScriptWord {
    fields = List.copyOf(fields);
  }

  /**
   * One field.
   *
   * @param name its key in the line
   * @param type how it is written
   * @param choices values it can have; empty if any
   * @param required the word means nothing without it
   */
  record Field(String name, Type type, List<String> choices, boolean required) {
    public Field {
      choices = List.copyOf(choices);
    }
  }

  /** How a field is written. */
  enum Type {
    /** True, or left out. */
    FLAG,
    /** One of several values. */
    CHOICE,
    /** A number or a name; whole numbers stand without quotation marks. */
    VALUE,
    /** A text, always in quotation marks. */
    TEXT,
    /** A list or an object. */
    STRUCTURE
  }

  /** Every word that can be given alone, in the table's order. */
  static List<ScriptWord> all() {
    return Language.operations().stream()
        .filter(row -> !row.has(Trait.IN_FILES_ONLY))
        .map(ScriptWord::of)
        .toList();
  }

  private static ScriptWord of(Operation<?> row) {
    var fields = new ArrayList<Field>();
    for (var field : row.fields()) {
      if (field.required() || !REMARKS.contains(field.name())) {
        fields.add(of(field));
      }
    }
    return new ScriptWord(row.name(), row.does(), fields);
  }

  private static Field of(org.iommulab.lab.language.Field field) {
    boolean closed = field.kind() == Kind.CHOICE;
    List<String> choices =
        closed ? field.choices().stream().map(String::valueOf).toList() : List.of();
    return new Field(field.name(), type(field.kind()), choices, field.required());
  }

  private static Type type(Kind kind) {
    return switch (kind) {
      case FLAG -> Type.FLAG;
      case CHOICE -> Type.CHOICE;
      case NUMBER, EXPRESSION, TEXTS, ANY -> Type.VALUE;
      case TEXT, NAME, DEVICE, BYTES -> Type.TEXT;
      case NUMBERS, EXPRESSIONS, OBJECT, OBJECTS -> Type.STRUCTURE;
    };
  }
}
