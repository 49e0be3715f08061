package org.iommulab.lab.language;

import java.util.LinkedHashMap;

/** Writes result lines as {@code oracle/README.md} has them: {@code i}, {@code op}, the fields. */
final class ResultWriter {

  private ResultWriter() {}

  static String write(int index, String op, Result result) {
    if (result.fields().isEmpty()) {
      return "";
    }
    var line = new LinkedHashMap<String, Object>();
    line.put("i", index);
    line.put("op", op);
    line.putAll(result.fields());
    return Json.write(line);
  }
}
