package org.iommulab.peer.x86;

/** What arithmetic leaves in RFLAGS (Intel SDM volume 1, 3.4.3.1). */
final class Flags {

  static final long CARRY = 1;
  private static final long PARITY = 1 << 2;
  private static final long ADJUST = 1 << 4;
  private static final long ZERO = 1 << 6;
  private static final long SIGN = 1 << 7;

  /** Strings go downwards. */
  static final long DIRECTION = 1 << 10;

  private static final long OVERFLOW = 1 << 11;
  private static final long RESULT = CARRY | PARITY | ADJUST | ZERO | SIGN | OVERFLOW;

  private Flags() {}

  private static long sign(int bytes) {
    return 1L << 8 * bytes - 1;
  }

  private static long ofResult(long result, int bytes) {
    long flags = 0;
    if ((result & Registers.ones(bytes)) == 0) {
      flags |= ZERO;
    }
    if ((result & sign(bytes)) != 0) {
      flags |= SIGN;
    }
    if ((Long.bitCount(result & 0xFF) & 1) == 0) {
      flags |= PARITY;
    }
    return flags;
  }

  /** After {@code and}, {@code or}, {@code xor}, {@code test}. */
  static long logic(long before, long result, int bytes) {
    return before & ~RESULT | ofResult(result, bytes);
  }

  /** After {@code a + b}, with what was carried in. */
  static long sum(long before, long a, long b, long carryIn, int bytes) {
    long result = a + b + carryIn;
    long carries = a & b | (a | b) & ~result;
    return before & ~RESULT
        | ofResult(result, bytes)
        | ((carries & sign(bytes)) != 0 ? CARRY : 0)
        | (((a ^ result) & (b ^ result) & sign(bytes)) != 0 ? OVERFLOW : 0)
        | ((a ^ b ^ result) & ADJUST);
  }

  /** After {@code a - b}, with what was borrowed. */
  static long difference(long before, long a, long b, long borrow, int bytes) {
    long result = a - b - borrow;
    long borrows = ~a & b | (~a | b) & result;
    return before & ~RESULT
        | ofResult(result, bytes)
        | ((borrows & sign(bytes)) != 0 ? CARRY : 0)
        | (((a ^ b) & (a ^ result) & sign(bytes)) != 0 ? OVERFLOW : 0)
        | ((a ^ b ^ result) & ADJUST);
  }

  /**
   * Tells whether a condition holds, by its four bits in {@code jcc}, {@code setcc}, {@code cmov}.
   */
  static boolean holds(int condition, long flags) {
    boolean carry = (flags & CARRY) != 0;
    boolean zero = (flags & ZERO) != 0;
    boolean less = (flags & SIGN) != 0 != ((flags & OVERFLOW) != 0);
    boolean straight =
        switch (condition >> 1) {
          case 0 -> (flags & OVERFLOW) != 0;
          case 1 -> carry;
          case 2 -> zero;
          case 3 -> carry || zero;
          case 4 -> (flags & SIGN) != 0;
          case 5 -> (flags & PARITY) != 0;
          case 6 -> less;
          default -> less || zero;
        };
    return straight != ((condition & 1) != 0);
  }
}
