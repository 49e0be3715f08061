package org.iommulab.lab.language;

/**
 * Lines that only script files have, not the console and not the journal: what stands between
 * {@link Repeat} and {@link End} is laid out once for each number when the file is read.
 */
public sealed interface Loop extends Line {

  /**
   * Begins a loop.
   *
   * @param as name of the number
   * @param from first number
   * @param to last number, itself included
   * @param step above 0
   */
  record Repeat(String as, long from, long to, long step) implements Loop {}

  /** Ends the innermost loop. */
  record End() implements Loop {}
}
