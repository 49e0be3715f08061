package org.iommulab.lab.language;

import java.util.List;

/**
 * One key of a line, declared once: forms, schema, completion and documentation read this.
 *
 * @param name the key
 * @param kind how it is written
 * @param required the line means nothing without it
 * @param limits what numbers it takes
 * @param choices the values it can have, as JSON has them; empty for any
 * @param inner fields inside an object; empty for any
 * @param note what else to know, a phrase of the documentation; empty for nothing
 */
public record Field(
    String name,
    Kind kind,
    boolean required,
    Limits limits,
    List<Object> choices,
    List<Field> inner,
    String note) {

  public Field {
    choices = List.copyOf(choices);
    inner = List.copyOf(inner);
  }

  /**
   * The numbers a field takes.
   *
   * @param low least
   * @param high most; -1 for 2^64-1
   * @param multiple all are multiples of it
   * @param unit what is counted, such as {@code bytes}; empty for a plain number
   */
  public record Limits(long low, long high, long multiple, String unit) {
    static final Limits NONE = new Limits(0, -1, 1, "");

    /** Tells whether numbers end somewhere below 2^64. */
    public boolean bounded() {
      return high != -1;
    }
  }

  // ---- arguments of functions; all may be left out but devices ----------------------------------

  /** A number or an expression. */
  public static Field expression(String name) {
    return of(name, Kind.EXPRESSION).optional();
  }

  /** A text. */
  public static Field text(String name) {
    return of(name, Kind.TEXT).optional();
  }

  /** A text or a list of texts. */
  public static Field texts(String name) {
    return of(name, Kind.TEXTS);
  }

  /** A device. */
  public static Field device(String name) {
    return of(name, Kind.DEVICE);
  }

  /** True or false. */
  public static Field flag(String name) {
    return of(name, Kind.FLAG).optional();
  }

  /** One of several words. */
  public static Field words(String name, List<String> words) {
    return choice(name, words.toArray()).optional();
  }

  /** An object with any fields. */
  public static Field object(String name) {
    return of(name, Kind.OBJECT).optional();
  }

  /** A list of objects. */
  public static Field objects(String name, List<Field> inner) {
    return object(name, Kind.OBJECTS, inner).optional();
  }

  /** The same, but it must be there. */
  public Field needed() {
    return new Field(name, kind, true, limits, choices, inner, note);
  }

  static Field of(String name, Kind kind) {
    return new Field(name, kind, true, Limits.NONE, List.of(), List.of(), "");
  }

  static Field choice(String name, Object... choices) {
    return new Field(name, Kind.CHOICE, true, Limits.NONE, List.of(choices), List.of(), "");
  }

  /** An object with these fields, or many of them. */
  static Field object(String name, Kind kind, List<Field> inner) {
    return new Field(name, kind, true, Limits.NONE, List.of(), inner, "");
  }

  Field optional() {
    return new Field(name, kind, false, limits, choices, inner, note);
  }

  Field between(long low, long high) {
    var limited = new Limits(low, high, limits.multiple(), limits.unit());
    return new Field(name, kind, required, limited, choices, inner, note);
  }

  Field multipleOf(long multiple) {
    var limited = new Limits(limits.low(), limits.high(), multiple, limits.unit());
    return new Field(name, kind, required, limited, choices, inner, note);
  }

  Field in(String unit) {
    var limited = new Limits(limits.low(), limits.high(), limits.multiple(), unit);
    return new Field(name, kind, required, limited, choices, inner, note);
  }

  Field orOneOf(Object... words) {
    return new Field(name, kind, required, limits, List.of(words), inner, note);
  }

  /** The same with something to know about it. */
  public Field note(String phrase) {
    return new Field(name, kind, required, limits, choices, inner, phrase);
  }

  /** Key of its text in the window's bundles. */
  public String textKey() {
    return "form." + name;
  }
}
