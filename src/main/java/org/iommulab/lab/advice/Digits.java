package org.iommulab.lab.advice;

/** Numbers as sentences show them. */
final class Digits {

  private Digits() {}

  /** With {@code 0x}. */
  static String of(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** Without. */
  static String bare(long value) {
    return Long.toHexString(value);
  }
}
