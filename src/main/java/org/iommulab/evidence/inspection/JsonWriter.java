package org.iommulab.evidence.inspection;

import tools.jackson.core.JsonGenerator;

/** Writes the forms that the capture schema uses: hex strings, flags as 0 and 1, lists of hex. */
final class JsonWriter {

  private final JsonGenerator out;

  JsonWriter(JsonGenerator out) {
    this.out = out;
  }

  static String hexText(long value) {
    return "0x" + Long.toHexString(value);
  }

  void object(Runnable content) {
    out.writeStartObject();
    content.run();
    out.writeEndObject();
  }

  void object(String name, Runnable content) {
    out.writeName(name);
    object(content);
  }

  <T> void array(String name, Iterable<T> items, java.util.function.Consumer<T> writer) {
    out.writeName(name);
    out.writeStartArray();
    items.forEach(item -> object(() -> writer.accept(item)));
    out.writeEndArray();
  }

  void startArray(String name) {
    out.writeName(name);
    out.writeStartArray();
  }

  void endArray() {
    out.writeEndArray();
  }

  void hex(String name, long value) {
    out.writeName(name);
    out.writeString(hexText(value));
  }

  void hexes(String name, long... values) {
    startArray(name);
    for (long value : values) {
      out.writeString(hexText(value));
    }
    endArray();
  }

  void texts(String name, Iterable<String> values) {
    startArray(name);
    values.forEach(out::writeString);
    endArray();
  }

  void number(String name, long value) {
    out.writeName(name);
    out.writeNumber(value);
  }

  void flag(String name, boolean value) {
    number(name, value ? 1 : 0);
  }

  void truth(String name, boolean value) {
    out.writeName(name);
    out.writeBoolean(value);
  }

  void text(String name, String value) {
    out.writeName(name);
    out.writeString(value);
  }
}
