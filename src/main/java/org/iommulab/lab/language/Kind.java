package org.iommulab.lab.language;

/** How a field is written. */
public enum Kind {
  /** An unsigned number of 64 bits: a JSON integer, or digits in a text. */
  NUMBER,
  /** A number, a name that an earlier line gave, or a sum such as {@code buf+0x1000}. */
  EXPRESSION,
  /** True or false. */
  FLAG,
  /** Any text. */
  TEXT,
  /** A name for later lines. */
  NAME,
  /** A device of the machine, by requester id or name. */
  DEVICE,
  /** Bytes, two hexadecimal digits each. */
  BYTES,
  /** One of the field's choices. */
  CHOICE,
  /** A list of numbers. */
  NUMBERS,
  /** A list of numbers and expressions. */
  EXPRESSIONS,
  /** A text, or a list of texts. */
  TEXTS,
  /** An object; its fields are those inside, any if there are none. */
  OBJECT,
  /** An object, or a list of objects. */
  OBJECTS,
  /** Any value of JSON. */
  ANY
}
