package org.iommulab.lab.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON Schema of script lines, made from the table. */
final class SchemaText {

  private SchemaText() {}

  static String text() {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("$id", "urn:iommu-lab:script-line");
    schema.put("title", "One line of an IOMMU Lab script");
    schema.put("type", "object");
    schema.put("required", List.of("op"));
    schema.put(
        "oneOf",
        Language.operations().stream()
            .map(row -> Map.of("$ref", "#/$defs/" + row.name()))
            .toList());
    var definitions = new LinkedHashMap<String, Object>();
    definitions.put("number", number());
    definitions.put("hex", hex());
    definitions.put("expression", expression());
    for (Operation<?> row : Language.operations()) {
      definitions.put(row.name(), operation(row));
    }
    schema.put("$defs", definitions);
    var text = new StringBuilder();
    print(schema, "", text);
    return text.append('\n').toString();
  }

  private static Map<String, Object> map(Object... pairs) {
    var map = new LinkedHashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  // ---- what is used more than once --------------------------------------------------------------

  private static Map<String, Object> number() {
    return map(
        "description",
        "An unsigned 64-bit number: a JSON integer, or decimal or hexadecimal digits in a text.",
        "oneOf",
        List.of(
            map("type", "integer", "minimum", 0L, "maximum", -1L),
            map("type", "string", "pattern", "^(0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20})$")));
  }

  private static Map<String, Object> hex() {
    return map(
        "description",
        "Bytes, two hexadecimal digits each.",
        "type",
        "string",
        "pattern",
        "^([0-9a-fA-F]{2})*$");
  }

  private static Map<String, Object> expression() {
    return map(
        "description",
        "A number, a name given by an earlier line, or a sum such as buf+0x1000.",
        "type",
        List.of("integer", "string"));
  }

  private static Map<String, Object> reference(String name) {
    return map("$ref", "#/$defs/" + name);
  }

  // ---- operations and fields --------------------------------------------------------------------

  private static Map<String, Object> operation(Operation<?> row) {
    Map<String, Object> shape = object(row.fields());
    var properties = new LinkedHashMap<String, Object>();
    properties.put("op", Map.of("const", row.name()));
    properties.putAll((Map<String, ?>) cast(shape.get("properties")));
    var required = new ArrayList<Object>(List.of("op"));
    required.addAll((List<?>) shape.getOrDefault("required", List.of()));
    var definition =
        map(
            "description",
            row.does(),
            "type",
            "object",
            "required",
            required,
            "properties",
            properties,
            "additionalProperties",
            false);
    for (Operation.Rule rule : row.rules()) {
      definition.put(
          rule.exactlyOne() ? "oneOf" : "anyOf",
          rule.groups().stream().map(group -> map("required", group)).toList());
    }
    return definition;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, ?> cast(Object properties) {
    return (Map<String, ?>) properties;
  }

  private static Map<String, Object> object(List<Field> fields) {
    var shape = map("type", "object");
    List<String> required = fields.stream().filter(Field::required).map(Field::name).toList();
    if (!required.isEmpty()) {
      shape.put("required", required);
    }
    var properties = new LinkedHashMap<String, Object>();
    fields.forEach(field -> properties.put(field.name(), field(field)));
    shape.put("properties", properties);
    shape.put("additionalProperties", false);
    return shape;
  }

  private static Map<String, Object> field(Field field) {
    Map<String, Object> shape = shape(field);
    return field.choices().isEmpty() || field.kind() == Kind.CHOICE
        ? shape
        : map("anyOf", List.of(map("enum", field.choices()), shape));
  }

  private static Map<String, Object> shape(Field field) {
    Map<String, Object> object =
        field.inner().isEmpty() ? map("type", "object") : object(field.inner());
    return switch (field.kind()) {
      case NUMBER -> reference("number");
      case EXPRESSION -> reference("expression");
      case FLAG -> map("type", "boolean");
      case TEXT, NAME, DEVICE -> map("type", "string");
      case BYTES -> bytes(field.limits());
      case CHOICE -> map("enum", spellings(field.choices()));
      case NUMBERS -> listOf(reference("number"));
      case EXPRESSIONS -> listOf(reference("expression"));
      case TEXTS -> oneOrMany(map("type", "string"));
      case OBJECT -> object;
      case OBJECTS -> oneOrMany(object);
      case ANY -> map();
    };
  }

  /** Numbers may be written as texts. */
  private static List<Object> spellings(List<Object> choices) {
    var spellings = new ArrayList<>(choices);
    choices.stream().filter(Long.class::isInstance).map(String::valueOf).forEach(spellings::add);
    return spellings;
  }

  private static Map<String, Object> bytes(Field.Limits limits) {
    return limits.bounded()
        ? map(
            "allOf",
            List.of(
                reference("hex"),
                map("minLength", limits.low() * 2, "maxLength", limits.high() * 2)))
        : reference("hex");
  }

  private static Map<String, Object> listOf(Map<String, Object> element) {
    return map("type", "array", "items", element);
  }

  private static Map<String, Object> oneOrMany(Map<String, Object> element) {
    return map("oneOf", List.of(element, map("type", "array", "minItems", 1L, "items", element)));
  }

  // ---- text -------------------------------------------------------------------------------------

  private static void print(Object value, String indent, StringBuilder text) {
    String deeper = indent + "  ";
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      text.append("{\n");
      String separator = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        text.append(separator).append(deeper).append('"').append(entry.getKey()).append("\": ");
        print(entry.getValue(), deeper, text);
        separator = ",\n";
      }
      text.append('\n').append(indent).append('}');
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      text.append("[\n");
      String separator = "";
      for (Object element : list) {
        text.append(separator).append(deeper);
        print(element, deeper, text);
        separator = ",\n";
      }
      text.append('\n').append(indent).append(']');
    } else {
      text.append(Json.write(value));
    }
  }
}
