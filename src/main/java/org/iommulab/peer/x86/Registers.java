package org.iommulab.peer.x86;

/** The general registers of a thread, by their numbers in instructions: rax 0 to r15 15. */
public final class Registers {

  /** Number of rax. */
  public static final int RAX = 0;

  /** Number of rcx, which counts. */
  public static final int RCX = 1;

  /** Number of rsp. */
  public static final int RSP = 4;

  /** Number of rsi, the source of moves. */
  public static final int RSI = 6;

  /** Number of rdi, their destination. */
  public static final int RDI = 7;

  private final long[] values = new long[16];
  private long rip;
  private long flags;
  private long fsBase;
  private long gsBase;

  /** A register's 64 bits. */
  public long get(int number) {
    return values[number];
  }

  /** Sets a register's 64 bits. */
  public void set(int number, long value) {
    values[number] = value;
  }

  /**
   * A register's lower bytes.
   *
   * @param rex whether a REX prefix makes 4 to 7 the low bytes of rsp, rbp, rsi and rdi; without
   *     one they are the second bytes of rax, rcx, rdx and rbx
   */
  long get(int number, int bytes, boolean rex) {
    if (bytes == 1 && !rex && number >= 4 && number < 8) {
      return values[number - 4] >>> 8 & 0xFF;
    }
    return values[number] & ones(bytes);
  }

  /** Sets a register's lower bytes; a value of 4 bytes clears the upper half. */
  void set(int number, int bytes, boolean rex, long value) {
    if (bytes == 1 && !rex && number >= 4 && number < 8) {
      values[number - 4] = values[number - 4] & ~0xFF00L | (value & 0xFF) << 8;
    } else if (bytes >= 4) {
      values[number] = value & ones(bytes);
    } else {
      values[number] = values[number] & ~ones(bytes) | value & ones(bytes);
    }
  }

  /** Address of the next instruction. */
  public long rip() {
    return rip;
  }

  /** Sets the address of the next instruction. */
  public void setRip(long address) {
    rip = address;
  }

  /** RFLAGS. */
  public long flags() {
    return flags;
  }

  /** Sets RFLAGS. */
  public void setFlags(long value) {
    flags = value;
  }

  /** Where addresses with an FS prefix begin. */
  public long fsBase() {
    return fsBase;
  }

  /** Where addresses with a GS prefix begin. */
  public long gsBase() {
    return gsBase;
  }

  /** Sets where addresses with FS and GS prefixes begin. */
  public void setBases(long fs, long gs) {
    fsBase = fs;
    gsBase = gs;
  }

  /** So many bytes of ones. */
  static long ones(int bytes) {
    return -1L >>> 64 - 8 * bytes;
  }
}
