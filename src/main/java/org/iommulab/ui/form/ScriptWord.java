package org.iommulab.ui.form;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.iommulab.lab.script.Complaint;
import org.iommulab.lab.script.Json;

/**
 * A word of the script language with its fields, as the schema that ships with the program declares
 * it. So a new word has its form at once.
 *
 * @param op the word, such as {@code ats.translate}
 * @param description what it does, one English sentence
 * @param fields its fields in the schema's order
 */
record ScriptWord(String op, String description, List<Field> fields) {

  private static final String SCHEMA = "/org/iommulab/schema/script-line.schema.json";

  /** Words that mean something inside a file only. */
  private static final Set<String> NOT_ALONE = Set.of("repeat", "end");

  /** Fields that every word may have and that do nothing. */
  private static final Set<String> REMARKS = Set.of("op", "note", "tags");

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

  /** Every word that can be given alone, in the schema's order. */
  static List<ScriptWord> all() {
    try (InputStream in = ScriptWord.class.getResourceAsStream(SCHEMA)) {
      if (in == null) {
        throw new IllegalStateException("no schema in " + SCHEMA);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return words(map(Json.plain(Json.readJson(text))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Complaint e) {
      throw new IllegalStateException(SCHEMA + ": " + e.sentence(), e);
    }
  }

  private static List<ScriptWord> words(Map<?, ?> schema) {
    Map<?, ?> definitions = map(schema.get("$defs"));
    var words = new ArrayList<ScriptWord>();
    for (Object each : list(schema.get("oneOf"))) {
      String reference = String.valueOf(map(each).get("$ref"));
      String op = reference.substring(reference.lastIndexOf('/') + 1);
      if (!NOT_ALONE.contains(op)) {
        words.add(word(op, map(definitions.get(op))));
      }
    }
    return words;
  }

  private static ScriptWord word(String op, Map<?, ?> definition) {
    var fields = new ArrayList<Field>();
    List<?> required = list(definition.get("required"));
    map(definition.get("properties"))
        .forEach(
            (name, shape) -> {
              boolean remark = REMARKS.contains(name) && !required.contains(name);
              if (!remark && !name.equals("op")) {
                fields.add(field(name.toString(), map(shape), required.contains(name)));
              }
            });
    return new ScriptWord(op, String.valueOf(definition.get("description")), fields);
  }

  private static Field field(String name, Map<?, ?> shape, boolean required) {
    List<String> choices = list(shape.get("enum")).stream().map(String::valueOf).toList();
    Object type = shape.get("type");
    Type kind =
        !choices.isEmpty()
            ? Type.CHOICE
            : "boolean".equals(type)
                ? Type.FLAG
                : "array".equals(type) || "object".equals(type)
                    ? Type.STRUCTURE
                    : "string".equals(type) || String.valueOf(shape.get("$ref")).endsWith("hex")
                        ? Type.TEXT
                        : Type.VALUE;
    return new Field(name, kind, choices, required);
  }

  private static Map<?, ?> map(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<?> list(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
