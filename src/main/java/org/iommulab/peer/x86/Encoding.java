package org.iommulab.peer.x86;

/**
 * The parts of an instruction of 64-bit code: prefixes, opcode, and the operand in memory (Intel
 * SDM volume 2, chapter 2).
 */
final class Encoding {

  /** How the opcode is led in. */
  enum Form {
    LEGACY,
    VEX,
    EVEX
  }

  private static final int OPERAND_SIZE = 0x66;
  private static final int REPEAT = 0xF3;
  private static final int REPEAT_NOT = 0xF2;

  private final byte[] code;
  private int at;
  private Form form = Form.LEGACY;
  private boolean rex;
  private boolean wide;
  private int extendReg;
  private int extendIndex;
  private int extendBase;
  private boolean shortOperands;
  private boolean shortAddresses;
  private int repeat;
  private long segment;
  private int map;
  private int opcode;
  private int vectorBytes = 16;
  private boolean masked;
  private int second;
  private int mod;
  private int reg;
  private long base;
  private boolean relative;

  private Encoding(byte[] code) {
    this.code = code;
  }

  /**
   * The parts up to the operand in memory; immediate bytes are read by {@link #immediate}.
   *
   * @param code bytes from the instruction's first on
   * @throws ArrayIndexOutOfBoundsException if the bytes end within the instruction
   */
  static Encoding of(byte[] code, Registers registers) {
    var encoding = new Encoding(code);
    encoding.prefixes(registers);
    encoding.readOpcode();
    if (encoding.hasModRm()) {
      encoding.operand(registers);
    }
    return encoding;
  }

  private int next() {
    return code[at++] & 0xFF;
  }

  private void prefixes(Registers registers) {
    while (true) {
      int one = code[at] & 0xFF;
      switch (one) {
        case OPERAND_SIZE -> shortOperands = true;
        case 0x67 -> shortAddresses = true;
        case REPEAT, REPEAT_NOT -> repeat = one;
        case 0x64 -> segment = registers.fsBase();
        case 0x65 -> segment = registers.gsBase();
        case 0x26, 0x2E, 0x36, 0x3E, 0xF0 -> {}
        default -> {
          return;
        }
      }
      at++;
    }
  }

  private void readOpcode() {
    int one = next();
    if ((one & 0xF0) == 0x40) {
      rex = true;
      wide = (one & 8) != 0;
      extendReg = one << 1 & 8;
      extendIndex = one << 2 & 8;
      extendBase = one << 3 & 8;
      one = next();
    }
    switch (one) {
      case 0x0F -> escaped();
      case 0xC5 -> {
        int two = next();
        form = Form.VEX;
        map = 1;
        extendReg = ~two >> 4 & 8;
        implied(two);
        vectorBytes = (two & 4) != 0 ? 32 : 16;
        opcode = next();
      }
      case 0xC4 -> {
        int two = next();
        int three = next();
        form = Form.VEX;
        upper(two);
        map = two & 0x1F;
        wide = (three & 0x80) != 0;
        implied(three);
        vectorBytes = (three & 4) != 0 ? 32 : 16;
        opcode = next();
      }
      case 0x62 -> {
        int two = next();
        int three = next();
        int four = next();
        form = Form.EVEX;
        upper(two);
        extendReg |= ~two & 0x10;
        map = two & 7;
        wide = (three & 0x80) != 0;
        implied(three);
        vectorBytes = 16 << (four >> 5 & 3);
        masked = (four & 0x97) != 0 || (four & 8) == 0;
        opcode = next();
      }
      default -> opcode = one;
    }
  }

  private void escaped() {
    int two = next();
    if (two == 0x38 || two == 0x3A) {
      map = two == 0x38 ? 2 : 3;
      opcode = next();
    } else {
      map = 1;
      opcode = two;
    }
  }

  private void upper(int bits) {
    extendReg = ~bits >> 4 & 8;
    extendIndex = ~bits >> 3 & 8;
    extendBase = ~bits >> 2 & 8;
  }

  /** The prefix that the newer forms imply, and their second source. */
  private void implied(int bits) {
    switch (bits & 3) {
      case 1 -> shortOperands = true;
      case 2 -> repeat = REPEAT;
      case 3 -> repeat = REPEAT_NOT;
      default -> {}
    }
    second = ~bits >> 3 & 0xF;
  }

  /** All opcodes that are carried out have one, but for moves at fixed places and of strings. */
  private boolean hasModRm() {
    return map != 0 || !(opcode >= 0xA0 && opcode <= 0xA7 || opcode >= 0xAA && opcode <= 0xAF);
  }

  private void operand(Registers registers) {
    int modRm = next();
    mod = modRm >> 6;
    reg = modRm >> 3 & 7 | extendReg;
    int rm = modRm & 7;
    if (mod == 3) {
      return;
    }
    long address = 0;
    boolean hasBase = true;
    if (rm == 4) {
      int sib = next();
      int index = sib >> 3 & 7 | extendIndex;
      if (index != 4) {
        address = registers.get(index) << (sib >> 6);
      }
      hasBase = (sib & 7) != 5 || mod != 0;
      rm = sib & 7;
    } else if (rm == 5 && mod == 0) {
      hasBase = false;
      relative = true;
    }
    if (hasBase) {
      address += registers.get(rm | extendBase);
    }
    if (mod == 1) {
      // The newest form counts in units of what it moves.
      address += (long) code[at++] * (form == Form.EVEX ? vectorBytes : 1);
    } else if (mod == 2 || !hasBase) {
      address += (int) immediate(4);
    }
    base = address;
  }

  /** A signed number in the instruction. */
  long immediate(int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) next() << 8 * i;
    }
    return value << 64 - 8 * bytes >> 64 - 8 * bytes;
  }

  /** Bytes of the instruction, as far as it was read. */
  int length() {
    return at;
  }

  /** Where the operand in memory lies; the instruction must have been read whole. */
  long address(Registers registers) {
    long offset = relative ? registers.rip() + at + base : base;
    return segment + limited(offset);
  }

  /** An address that a prefix may have cut to 32 bits. */
  long limited(long offset) {
    return shortAddresses ? offset & 0xFFFF_FFFFL : offset;
  }

  /** Where addresses of its operands begin, but for the destination of moves of strings. */
  long segment() {
    return segment;
  }

  /** It has an operand in memory. */
  boolean reachesMemory() {
    return mod != 3;
  }

  Form form() {
    return form;
  }

  /** 0 for opcodes of one byte; 1, 2, 3 for those behind 0F, 0F 38, 0F 3A. */
  int map() {
    return map;
  }

  int opcode() {
    return opcode;
  }

  /** The other operand's register, or what an opcode is told apart by. */
  int reg() {
    return reg;
  }

  /** What an opcode of a group is told apart by. */
  int group() {
    return reg & 7;
  }

  boolean hasRex() {
    return rex;
  }

  boolean isWide() {
    return wide;
  }

  /** Bytes of an operand that is not a single byte: 2, 4 or 8. */
  int operandBytes() {
    return wide ? 8 : shortOperands ? 2 : 4;
  }

  /** Bytes of a vector: 16, 32 or 64. */
  int vectorBytes() {
    return vectorBytes;
  }

  /** A mask, rounding or broadcast is given, or a second source: not a plain move. */
  boolean isMasked() {
    return masked || form != Form.LEGACY && second != 0;
  }

  boolean hasOperandPrefix() {
    return shortOperands;
  }

  boolean isRepeated() {
    return repeat == REPEAT;
  }

  boolean isRepeatedNot() {
    return repeat == REPEAT_NOT;
  }

  boolean hasNoPrefix() {
    return repeat == 0 && !shortOperands;
  }
}
