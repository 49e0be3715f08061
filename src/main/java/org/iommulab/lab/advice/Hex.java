package org.iommulab.lab.advice;

/** Numbers as sentences show them. */
final class Hex {

  private Hex() {}

  /** With {@code 0x}. */
  static String of(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** Without. */
  static String bare(long value) {
    return Long.toHexString(value);
  }
}
