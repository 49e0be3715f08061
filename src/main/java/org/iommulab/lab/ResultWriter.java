package org.iommulab.lab;

/** Writes result lines. */
final class ResultWriter {

  private ResultWriter() {}

  static String write(int index, String op, Result result) {
    return result.fields().isEmpty() ? "" : "{\"i\":" + index + ",\"op\":\"" + op + "\"}";
  }
}
