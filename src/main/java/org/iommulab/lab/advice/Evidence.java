package org.iommulab.lab.advice;

/**
 * One thing that shows it.
 *
 * @param kind what it is
 * @param value number of the command, physical address of the entry or descriptor, address that a
 *     cache line or mapping translates, or offset of the register
 * @param text the same in words
 */
public record Evidence(Kind kind, long value, String text) {

  /** What can be shown. */
  public enum Kind {
    COMMAND,
    ENTRY,
    CACHE_LINE,
    DESCRIPTOR,
    REGISTER,
    MAPPING
  }

  static Evidence command(int step) {
    return new Evidence(Kind.COMMAND, step, "command " + step);
  }

  static Evidence entry(long address) {
    return new Evidence(Kind.ENTRY, address, "entry at " + Digits.of(address));
  }

  static Evidence line(long iova) {
    return new Evidence(Kind.CACHE_LINE, iova, "cache line for " + Digits.of(iova));
  }

  static Evidence descriptor(long address) {
    return new Evidence(Kind.DESCRIPTOR, address, "descriptor at " + Digits.of(address));
  }

  static Evidence register(String name, long offset) {
    return new Evidence(Kind.REGISTER, offset, name);
  }

  static Evidence mapping(long iova) {
    return new Evidence(Kind.MAPPING, iova, "mapping at " + Digits.of(iova));
  }
}
