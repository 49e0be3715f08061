package org.iommulab.peer.x86;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Carries out single instructions whose operand in memory somebody else answers: moves of every
 * width, arithmetic and logic on memory, moves of strings, moves of vectors. Each access happens
 * once, with the width that the processor would use.
 */
public final class Emulator {

  /** Rounds of a repeated move that one call does at most; then the instruction goes on anew. */
  private static final int ROUNDS = 1024;

  private static final int DIRECT_BYTES = 64;

  /** What became of an instruction. */
  public enum Outcome {
    /** It is done, and the registers say what comes next. */
    DONE,
    /** It is none that is carried out here; nothing has happened. */
    UNKNOWN,
    /** Memory refused an access. */
    REFUSED
  }

  private final Registers registers;
  private final VectorFile vectors;
  private final TargetMemory memory;
  private final Encoding code;

  private Emulator(byte[] code, Registers registers, VectorFile vectors, TargetMemory memory) {
    this.registers = registers;
    this.vectors = vectors;
    this.memory = memory;
    this.code = Encoding.of(code, registers);
  }

  /**
   * Carries out the instruction at {@code rip}.
   *
   * @param code its bytes; more may follow
   * @param registers changed if it is done
   */
  public static Outcome carryOut(
      byte[] code, Registers registers, VectorFile vectors, TargetMemory memory) {
    try {
      return new Emulator(code, registers, vectors, memory).run();
    } catch (ArrayIndexOutOfBoundsException cutOff) {
      return Outcome.UNKNOWN;
    }
  }

  private Outcome run() {
    if (code.form() != Encoding.Form.LEGACY) {
      return vector(code.map() == 2 ? 0x3800 | code.opcode() : code.opcode());
    }
    return switch (code.map()) {
      case 0 -> plain(code.opcode());
      case 1 -> escaped(code.opcode());
      case 2 -> escapedTwice(code.opcode());
      default -> Outcome.UNKNOWN;
    };
  }

  // ---- what instructions are made of ------------------------------------------------------------

  /** What an instruction does with the value it finds; what it stores, if it does. */
  private interface Change {
    long apply(long value);
  }

  private Outcome done() {
    registers.setRip(registers.rip() + code.length());
    return Outcome.DONE;
  }

  private static long value(byte[] bytes) {
    long value = 0;
    for (int i = bytes.length - 1; i >= 0; i--) {
      value = value << 8 | bytes[i] & 0xFF;
    }
    return value;
  }

  private static byte[] bytes(long value, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (value >>> 8 * i);
    }
    return bytes;
  }

  private static long signed(long value, int count) {
    return value << 64 - 8 * count >> 64 - 8 * count;
  }

  private long register(int count) {
    return registers.get(code.reg(), count, code.hasRex());
  }

  private void setRegister(int count, long value) {
    registers.set(code.reg(), count, code.hasRex(), value);
  }

  /** Loads the operand; what is done with it changes registers. */
  private Outcome load(int count, LongConsumer use) {
    byte[] found = new byte[count];
    if (!memory.load(code.address(registers), found)) {
      return Outcome.REFUSED;
    }
    use.accept(value(found));
    return done();
  }

  private Outcome store(int count, long value) {
    return memory.store(code.address(registers), bytes(value, count)) ? done() : Outcome.REFUSED;
  }

  /** Loads the operand and stores what becomes of it; registers change if both went well. */
  private Outcome change(long address, int count, Change change) {
    byte[] found = new byte[count];
    long flags = registers.flags();
    boolean went = memory.load(address, found);
    long result = went ? change.apply(value(found)) : 0;
    if (!went || !memory.store(address, bytes(result, count))) {
      registers.setFlags(flags);
      return Outcome.REFUSED;
    }
    return done();
  }

  // ---- opcodes of one byte ----------------------------------------------------------------------

  private Outcome plain(int opcode) {
    int width = (opcode & 1) == 0 ? 1 : code.operandBytes();
    if (opcode >= 0xA0 && opcode <= 0xA3) {
      return fixedPlace(opcode, width);
    }
    if (opcode == 0xA4 || opcode == 0xA5 || opcode >= 0xAA && opcode <= 0xAD) {
      return string(opcode, width);
    }
    if (!code.reachesMemory()) {
      return Outcome.UNKNOWN;
    }
    if (opcode < 0x40 && (opcode & 7) < 4) {
      return arithmetic(opcode >> 3, width, (opcode & 2) != 0);
    }
    return switch (opcode) {
      case 0x80, 0x81, 0x83 -> {
        long given = code.immediate(opcode == 0x81 ? Math.min(width, 4) : 1);
        yield arithmetic(code.group(), width, given);
      }
      case 0x84, 0x85 ->
          load(
              width,
              value ->
                  registers.setFlags(
                      Flags.logic(registers.flags(), value & register(width), width)));
      case 0x86, 0x87 -> {
        long given = register(width);
        yield exchange(width, value -> given, value -> setRegister(width, value));
      }
      case 0x88, 0x89 -> store(width, register(width));
      case 0x8A, 0x8B -> load(width, value -> setRegister(width, value));
      case 0x63 -> load(4, value -> setRegister(code.operandBytes(), signed(value, 4)));
      case 0xC6, 0xC7 -> {
        long given = code.immediate(Math.min(width, 4));
        yield code.group() == 0 ? store(width, given) : Outcome.UNKNOWN;
      }
      case 0xF6, 0xF7 -> unary(width);
      case 0xFE, 0xFF -> code.group() < 2 ? step(width, code.group() == 0) : Outcome.UNKNOWN;
      default -> Outcome.UNKNOWN;
    };
  }

  private Outcome fixedPlace(int opcode, int width) {
    long place = code.segment() + code.limited(code.immediate(code.limited(-1) == -1 ? 8 : 4));
    byte[] moved = bytes(registers.get(Registers.RAX), width);
    boolean went = opcode < 0xA2 ? memory.load(place, moved) : memory.store(place, moved);
    if (went && opcode < 0xA2) {
      registers.set(Registers.RAX, width, true, value(moved));
    }
    return went ? done() : Outcome.REFUSED;
  }

  private Outcome exchange(int width, Change change, LongConsumer found) {
    long[] before = new long[1];
    Outcome outcome =
        change(
            code.address(registers),
            width,
            value -> {
              before[0] = value;
              return change.apply(value);
            });
    if (outcome == Outcome.DONE) {
      found.accept(before[0]);
    }
    return outcome;
  }

  /** The eight of the first rows: add, or, adc, sbb, and, sub, xor, cmp. */
  private long result(int operation, long a, long b, int width) {
    long before = registers.flags();
    long carry = operation == 2 || operation == 3 ? before & Flags.CARRY : 0;
    long result =
        switch (operation) {
          case 0, 2 -> a + b + carry;
          case 1 -> a | b;
          case 4 -> a & b;
          case 6 -> a ^ b;
          default -> a - b - carry;
        };
    registers.setFlags(
        switch (operation) {
          case 0, 2 -> Flags.sum(before, a, b, carry, width);
          case 1, 4, 6 -> Flags.logic(before, result, width);
          default -> Flags.difference(before, a, b, carry, width);
        });
    return result;
  }

  private Outcome arithmetic(int operation, int width, boolean toRegister) {
    if (!toRegister) {
      return arithmetic(operation, width, register(width));
    }
    return load(
        width,
        value -> {
          long result = result(operation, register(width), value, width);
          if (operation != 7) {
            setRegister(width, result);
          }
        });
  }

  private Outcome arithmetic(int operation, int width, long given) {
    return operation == 7
        ? load(width, value -> result(operation, value, given, width))
        : change(code.address(registers), width, value -> result(operation, value, given, width));
  }

  private Outcome unary(int width) {
    if (code.group() < 2) {
      long given = code.immediate(Math.min(width, 4));
      return load(
          width, value -> registers.setFlags(Flags.logic(registers.flags(), value & given, width)));
    }
    long place = code.address(registers);
    return switch (code.group()) {
      case 2 -> change(place, width, value -> ~value);
      case 3 -> change(place, width, value -> result(5, 0, value, width));
      default -> Outcome.UNKNOWN;
    };
  }

  /** {@code inc} and {@code dec} leave the carry as it is. */
  private Outcome step(int width, boolean up) {
    return change(
        code.address(registers),
        width,
        value -> {
          long carry = registers.flags() & Flags.CARRY;
          long result = result(up ? 0 : 5, value, 1, width);
          registers.setFlags(registers.flags() & ~Flags.CARRY | carry);
          return result;
        });
  }

  // ---- strings ----------------------------------------------------------------------------------

  /** {@code movs}, {@code stos} and {@code lods}, repeated or not. */
  private Outcome string(int opcode, int width) {
    boolean repeated = code.isRepeated() || code.isRepeatedNot();
    boolean loads = opcode != 0xAA && opcode != 0xAB;
    boolean stores = opcode < 0xAC;
    long step = (registers.flags() & Flags.DIRECTION) != 0 ? -width : width;
    for (int round = 0; ; round++) {
      long left = code.limited(registers.get(Registers.RCX));
      if (repeated && left == 0) {
        return done();
      }
      if (round == ROUNDS) {
        // As after an interrupt: the registers say how far it has come.
        return Outcome.DONE;
      }
      byte[] moved = bytes(registers.get(Registers.RAX), width);
      long from = code.segment() + code.limited(registers.get(Registers.RSI));
      long to = code.limited(registers.get(Registers.RDI));
      if (loads && !memory.load(from, moved) || stores && !memory.store(to, moved)) {
        return Outcome.REFUSED;
      }
      if (loads) {
        registers.set(Registers.RSI, code.limited(registers.get(Registers.RSI) + step));
      }
      if (stores) {
        registers.set(Registers.RDI, code.limited(to + step));
      } else {
        registers.set(Registers.RAX, width, true, value(moved));
      }
      if (!repeated) {
        return done();
      }
      registers.set(Registers.RCX, code.limited(left - 1));
    }
  }

  // ---- opcodes behind 0F ------------------------------------------------------------------------

  private Outcome escaped(int opcode) {
    if (!code.reachesMemory()) {
      return Outcome.UNKNOWN;
    }
    int width = code.operandBytes();
    if (opcode >= 0x40 && opcode <= 0x4F) {
      return load(
          width,
          value ->
              setRegister(
                  width, Flags.holds(opcode & 15, registers.flags()) ? value : register(width)));
    }
    if (opcode >= 0x90 && opcode <= 0x9F) {
      return store(1, Flags.holds(opcode & 15, registers.flags()) ? 1 : 0);
    }
    return switch (opcode) {
      case 0xB6, 0xB7 -> load(opcode == 0xB6 ? 1 : 2, value -> setRegister(width, value));
      case 0xBE, 0xBF -> {
        int count = opcode == 0xBE ? 1 : 2;
        yield load(count, value -> setRegister(width, signed(value, count)));
      }
      case 0xA3, 0xAB, 0xB3, 0xBB -> bit(opcode >> 3 & 3, signed(register(width), width), width);
      case 0xBA -> {
        long number = code.immediate(1) & 8L * width - 1;
        yield code.group() < 4 ? Outcome.UNKNOWN : bit(code.group() & 3, number, width);
      }
      case 0xB0, 0xB1 -> compareAndExchange(opcode == 0xB0 ? 1 : width);
      case 0xC0, 0xC1 -> {
        int count = opcode == 0xC0 ? 1 : width;
        long given = register(count);
        yield exchange(
            count, value -> result(0, value, given, count), value -> setRegister(count, value));
      }
      case 0xC3 -> code.hasNoPrefix() ? store(width, register(width)) : Outcome.UNKNOWN;
      default -> vector(opcode);
    };
  }

  /** {@code bt}, {@code bts}, {@code btr}, {@code btc}: the bit may lie in another word. */
  private Outcome bit(int operation, long number, int width) {
    long place = code.address(registers) + Math.floorDiv(number, 8L * width) * width;
    long mask = 1L << Math.floorMod(number, 8L * width);
    Change change =
        value -> {
          long kept = registers.flags() & ~Flags.CARRY;
          registers.setFlags((value & mask) != 0 ? kept | Flags.CARRY : kept);
          return switch (operation) {
            case 1 -> value | mask;
            case 2 -> value & ~mask;
            default -> value ^ mask;
          };
        };
    if (operation != 0) {
      return change(place, width, change);
    }
    byte[] found = new byte[width];
    if (!memory.load(place, found)) {
      return Outcome.REFUSED;
    }
    change.apply(value(found));
    return done();
  }

  private Outcome compareAndExchange(int width) {
    long expected = registers.get(Registers.RAX, width, true);
    long given = register(width);
    boolean[] equal = new boolean[1];
    return exchange(
        width,
        value -> {
          result(7, expected, value, width);
          equal[0] = expected == value;
          return equal[0] ? given : value;
        },
        value -> {
          if (!equal[0]) {
            registers.set(Registers.RAX, width, true, value);
          }
        });
  }

  // ---- opcodes behind 0F 38 ---------------------------------------------------------------------

  private Outcome escapedTwice(int opcode) {
    int width = code.operandBytes();
    if (!code.reachesMemory()) {
      return Outcome.UNKNOWN;
    }
    return switch (opcode) {
      case 0xF0 ->
          code.isRepeatedNot()
              ? Outcome.UNKNOWN
              : load(width, value -> setRegister(width, turned(value, width)));
      case 0xF1 ->
          code.isRepeatedNot() ? Outcome.UNKNOWN : store(width, turned(register(width), width));
      case 0xF8 ->
          code.hasOperandPrefix() && !code.isRepeated() && !code.isRepeatedNot()
              ? direct()
              : Outcome.UNKNOWN;
      case 0xF9 -> code.hasNoPrefix() ? store(width, register(width)) : Outcome.UNKNOWN;
      default -> vector(0x3800 | opcode);
    };
  }

  private static long turned(long value, int width) {
    return Long.reverseBytes(value) >>> 64 - 8 * width;
  }

  /** {@code movdir64b}: 64 bytes at once, to where a register says. */
  private Outcome direct() {
    byte[] moved = new byte[DIRECT_BYTES];
    long to = code.limited(registers.get(code.reg()));
    return memory.load(code.address(registers), moved) && memory.store(to, moved)
        ? done()
        : Outcome.REFUSED;
  }

  // ---- vectors ----------------------------------------------------------------------------------

  /** Moves between vector registers and memory; 0x38 in the second byte for those behind 0F 38. */
  private Outcome vector(int opcode) {
    if (!code.reachesMemory() || code.isMasked()) {
      return Outcome.UNKNOWN;
    }
    boolean scalar = code.isRepeated() || code.isRepeatedNot();
    boolean evex = code.form() == Encoding.Form.EVEX;
    int whole = code.form() == Encoding.Form.LEGACY ? 16 : code.vectorBytes();
    int one = code.isRepeated() ? 4 : 8;
    return switch (opcode) {
      case 0x10 -> scalar ? evex ? Outcome.UNKNOWN : loadVector(one) : loadVector(whole);
      case 0x11 -> scalar ? evex ? Outcome.UNKNOWN : storeVector(one, 0) : storeVector(whole, 0);
      case 0x28 -> scalar ? Outcome.UNKNOWN : loadVector(whole);
      case 0x29, 0x2B -> scalar ? Outcome.UNKNOWN : storeVector(whole, 0);
      case 0x6F -> code.hasNoPrefix() ? Outcome.UNKNOWN : loadVector(whole);
      case 0x7F -> code.hasNoPrefix() ? Outcome.UNKNOWN : storeVector(whole, 0);
      case 0xE7 -> code.hasOperandPrefix() ? storeVector(whole, 0) : Outcome.UNKNOWN;
      case 0xF0 -> code.isRepeatedNot() && !evex ? loadVector(whole) : Outcome.UNKNOWN;
      case 0x382A -> code.hasOperandPrefix() ? loadVector(whole) : Outcome.UNKNOWN;
      default -> evex || scalar ? quadword(opcode, evex) : half(opcode);
    };
  }

  /** {@code movq} as newer assemblers write the load. */
  private Outcome quadword(int opcode, boolean evex) {
    return opcode == 0x7E && code.isRepeated() && !evex ? loadVector(8) : Outcome.UNKNOWN;
  }

  /** Moves of a part of 16 bytes. */
  private Outcome half(int opcode) {
    int word = code.isWide() ? 8 : 4;
    boolean packed = code.hasOperandPrefix();
    return switch (opcode) {
      case 0x12, 0x16 ->
          code.form() == Encoding.Form.LEGACY ? loadHalf(opcode == 0x12 ? 0 : 8) : Outcome.UNKNOWN;
      case 0x13 -> storeVector(8, 0);
      case 0x17 -> storeVector(8, 8);
      case 0x6E -> packed ? loadVector(word) : Outcome.UNKNOWN;
      case 0x7E -> packed ? storeVector(word, 0) : Outcome.UNKNOWN;
      case 0xD6 -> packed ? storeVector(8, 0) : Outcome.UNKNOWN;
      default -> Outcome.UNKNOWN;
    };
  }

  /** A load that clears what lies above it: up to 16 bytes, and further in the newer forms. */
  private Outcome loadVector(int count) {
    byte[] found = new byte[count];
    if (!vectors.has(code.reg(), Math.max(count, 16))) {
      return Outcome.UNKNOWN;
    }
    if (!memory.load(code.address(registers), found)) {
      return Outcome.REFUSED;
    }
    byte[] value = count < 16 ? Arrays.copyOf(found, 16) : found;
    vectors.write(code.reg(), value, code.form() != Encoding.Form.LEGACY);
    return done();
  }

  private Outcome loadHalf(int at) {
    byte[] value = vectors.read(code.reg(), 16);
    byte[] found = new byte[8];
    if (!memory.load(code.address(registers), found)) {
      return Outcome.REFUSED;
    }
    System.arraycopy(found, 0, value, at, found.length);
    vectors.write(code.reg(), value, false);
    return done();
  }

  private Outcome storeVector(int count, int from) {
    if (!vectors.has(code.reg(), Math.max(count, 16))) {
      return Outcome.UNKNOWN;
    }
    byte[] value = vectors.read(code.reg(), Math.max(count, 16));
    return memory.store(code.address(registers), Arrays.copyOfRange(value, from, from + count))
        ? done()
        : Outcome.REFUSED;
  }
}
