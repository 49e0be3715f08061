package org.iommulab.ui.form;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.iommulab.memory.Page;
import org.iommulab.ui.Hex;

/** Reads fields and remembers the first that is wrong. */
final class Entry {

  private final Map<String, FormField> fields = new HashMap<>();
  private Optional<Draft.Unfinished> problem = Optional.empty();

  Entry(Iterable<FormField> all) {
    all.forEach(field -> fields.put(field.id(), field));
  }

  /** The first field that is wrong. */
  Optional<Draft.Unfinished> problem() {
    return problem;
  }

  String text(String id) {
    FormField field = fields.get(id);
    return field == null ? "" : field.get();
  }

  boolean isChecked(String id) {
    FormField field = fields.get(id);
    return field != null && field.isChecked();
  }

  /** An address in hexadecimal. */
  long address(String id) {
    return orProblem(id, Hex.address(text(id)), "form.bad-address");
  }

  /** An address of whole pages. */
  long pageAddress(String id) {
    return wholePages(id, address(id));
  }

  /** A positive number of bytes. */
  long bytes(String id) {
    long bytes = orProblem(id, Hex.bytes(text(id)), "form.bad-size");
    if (bytes == 0) {
      complain(id, "form.bad-size");
    }
    return bytes;
  }

  /** A positive number of bytes in whole pages. */
  long pageBytes(String id) {
    return wholePages(id, bytes(id));
  }

  /** A number from 0 to {@code most}, decimal. */
  int number(String id, int most) {
    try {
      int value = Integer.parseInt(text(id));
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through: no number at all is as wrong as one too large.
    }
    complain(id, "form.bad-number");
    return 0;
  }

  /** A domain id: hexadecimal, 16 bits. */
  int domain(String id) {
    OptionalLong value = Hex.address(text(id));
    if (value.isEmpty() || value.getAsLong() >>> 16 != 0) {
      complain(id, "form.bad-domain");
      return 0;
    }
    return (int) value.getAsLong();
  }

  /** An address, or a name with an offset such as {@code buf+0x1000}, as scripts take it. */
  String expression(String id) {
    String text = text(id);
    OptionalLong address = Hex.address(text);
    if (address.isPresent()) {
      return Hex.script(address.getAsLong());
    }
    if (!text.matches("[A-Za-z_][\\w.]*(\\s*[+-]\\s*(0[xX][0-9a-fA-F]+|\\d+))*")) {
      complain(id, "form.bad-expression");
    }
    return text;
  }

  /** Bytes in hexadecimal, two digits each. */
  String data(String id) {
    String digits = text(id).replaceAll("[\\s_]", "");
    if (!digits.matches("([0-9a-fA-F]{2}){1,2048}")) {
      complain(id, "form.bad-data");
      return "00";
    }
    return digits;
  }

  void complain(String id, String key) {
    if (problem.isEmpty()) {
      problem = Optional.of(new Draft.Unfinished(id, key));
    }
  }

  private long wholePages(String id, long value) {
    if (!Page.isWhole(value)) {
      complain(id, "form.not-pages");
    }
    return value;
  }

  private long orProblem(String id, OptionalLong value, String key) {
    if (value.isEmpty()) {
      complain(id, key);
    }
    return value.orElse(0);
  }
}
