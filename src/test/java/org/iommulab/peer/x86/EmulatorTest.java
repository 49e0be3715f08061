package org.iommulab.peer.x86;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.iommulab.peer.x86.Emulator.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Instructions as an assembler writes them, and what they do; rdi points to the memory. */
final class EmulatorTest {

  private static final long AT = 0x7000_0000_1000L;
  private static final long CODE = 0x40_0000L;
  private static final long CARRY = 1;
  private static final long ZERO = 0x40;
  private static final long SIGN = 0x80;
  private static final long OVERFLOW = 0x800;
  private static final long RESULT = 0x8D5;

  private final byte[] bytes = new byte[512];
  private final ByteBuffer memory = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final List<String> accesses = new ArrayList<>();
  private final byte[][] vectors = new byte[32][64];
  private final Registers registers = new Registers();

  private final TargetMemory target =
      new TargetMemory() {
        private boolean isThere(long address, int count) {
          return address >= AT && address + count <= AT + bytes.length;
        }

        @Override
        public boolean load(long address, byte[] into) {
          accesses.add("load " + (address - AT) + " " + into.length);
          boolean there = isThere(address, into.length);
          if (there) {
            memory.get((int) (address - AT), into);
          }
          return there;
        }

        @Override
        public boolean store(long address, byte[] from) {
          accesses.add("store " + (address - AT) + " " + from.length);
          boolean there = isThere(address, from.length);
          if (there) {
            memory.put((int) (address - AT), from);
          }
          return there;
        }
      };

  private final VectorFile file =
      new VectorFile() {
        @Override
        public boolean has(int register, int count) {
          return true;
        }

        @Override
        public byte[] read(int register, int count) {
          return java.util.Arrays.copyOf(vectors[register], count);
        }

        @Override
        public void write(int register, byte[] value, boolean clearsRest) {
          byte[] all = clearsRest ? new byte[64] : vectors[register];
          System.arraycopy(value, 0, all, 0, value.length);
          vectors[register] = all;
        }
      };

  private Outcome run(String hex) {
    byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
    registers.setRip(CODE);
    registers.set(Registers.RDI, AT);
    Outcome outcome = Emulator.carryOut(code, registers, file, target);
    if (outcome == Outcome.DONE) {
      assertThat(registers.rip()).as("the next instruction").isEqualTo(CODE + code.length);
    }
    return outcome;
  }

  private void done(String hex) {
    assertThat(run(hex)).as(hex).isEqualTo(Outcome.DONE);
  }

  @ParameterizedTest
  @CsvSource({
    // mov to al, ah, ax, eax, r9
    "8a07, 0, 0xfffffffffffffff0, 1",
    "8a27, 0, 0xfffffffffffff0ff, 1",
    "668b07, 0, 0xffffffffffffb2f0, 2",
    "8b07, 0, 0x00000000d4c3b2f0, 4",
    "4c8b0f, 9, 0x88f7e6d5d4c3b2f0, 8",
    // movzx and movsx
    "0fb607, 0, 0xf0, 1",
    "0fb707, 0, 0xb2f0, 2",
    "480fbe07, 0, 0xfffffffffffffff0, 1",
    "0fbf07, 0, 0xffffb2f0, 2",
    "486307, 0, 0xffffffffd4c3b2f0, 4",
    // movbe
    "0f38f007, 0, 0xf0b2c3d4, 4",
  })
  void loads(String code, int register, String value, int count) {
    memory.putLong(0, 0x88F7_E6D5_D4C3_B2F0L);
    registers.set(0, -1);
    registers.set(9, -1);
    done(code);
    assertThat(registers.get(register)).isEqualTo(Long.parseUnsignedLong(value.substring(2), 16));
    assertThat(accesses).containsExactly("load 0 " + count);
  }

  @ParameterizedTest
  @CsvSource({
    "408837, 0xaaaaaaaaaaaaaa66, 1",
    "8837, 0xaaaaaaaaaaaaaa22, 1",
    "6644893f, 0xaaaaaaaaaaaaff0f, 2",
    "8907, 0xaaaaaaaa55667788, 4",
    "488907, 0x1122334455667788, 8",
    "480fc307, 0x1122334455667788, 8",
    "0f38f907, 0xaaaaaaaa55667788, 4",
    "c6077f, 0xaaaaaaaaaaaaaa7f, 1",
    "66c7073412, 0xaaaaaaaaaaaa1234, 2",
    "c70778563412, 0xaaaaaaaa12345678, 4",
    "48c707feffffff, 0xfffffffffffffffe, 8",
  })
  void stores(String code, String value, int count) {
    memory.putLong(0, 0xAAAA_AAAA_AAAA_AAAAL);
    registers.set(0, 0x1122_3344_5566_7788L);
    registers.set(2, 0x22FF);
    registers.set(6, 0x66);
    registers.set(15, 0xFF0F);
    done(code);
    assertThat(memory.getLong(0)).isEqualTo(Long.parseUnsignedLong(value.substring(2), 16));
    assertThat(accesses).containsExactly("store 0 " + count);
  }

  @Test
  void findsTheOperand() {
    registers.set(1, 3);
    memory.putInt(20, 77);
    done("8b448f08");
    assertThat(registers.get(0)).as("8(%rdi,%rcx,4)").isEqualTo(77);
    registers.setBases(AT, 0);
    memory.putLong(0x10, 78);
    done("64488b042510000000");
    assertThat(registers.get(0)).as("%fs:0x10").isEqualTo(78);
    accesses.clear();
    assertThat(run("8b0500100000")).as("0x1000(%rip)").isEqualTo(Outcome.REFUSED);
    assertThat(accesses).containsExactly("load " + (CODE + 6 + 0x1000 - AT) + " 4");
    registers.set(12, AT + 8);
    done("c4c178110c24");
    assertThat(accesses).last().isEqualTo("store 8 16");
    memory.putLong(0x10, 79);
    done("48a1" + HexFormat.of().toHexDigits(Long.reverseBytes(AT + 0x10)));
    assertThat(registers.get(0)).as("movabs").isEqualTo(79);
  }

  @ParameterizedTest
  @CsvSource({
    // addl $5; orb $0x80; andl $-16; subl %eax; notl; negl; incl; decw; adcl $0; sbbl %eax
    "830705, 0xfffffffb, 0x0, " + (CARRY | ZERO),
    "800f80, 0x1, 0x81, " + SIGN,
    "8327f0, 0x1234567f, 0x12345670, 0",
    "2907, 0x4, 0xffffffff, " + (CARRY | SIGN),
    "f717, 0xff, 0xffffff00, -1",
    "f71f, 0x1, 0xffffffff, " + (CARRY | SIGN),
    "ff07, 0x7fffffff, 0x80000000, " + (SIGN | OVERFLOW),
    "66ff0f, 0x1, 0x0, " + ZERO,
    "1907, 0x80000005, 0x80000000, " + SIGN,
  })
  void changesMemory(String code, String before, String after, long flags) {
    memory.putInt(0, Integer.parseUnsignedInt(before.substring(2), 16));
    registers.set(0, 5);
    registers.setFlags(0x202);
    done(code);
    assertThat(memory.getInt(0)).isEqualTo(Integer.parseUnsignedInt(after.substring(2), 16));
    // Without parity and the carry of the lower half byte.
    if (flags >= 0) {
      assertThat(registers.flags() & RESULT & ~0x14).isEqualTo(flags);
    }
    assertThat(accesses).hasSize(2);
  }

  @Test
  void comparesWithoutStoring() {
    memory.putInt(0, 3);
    done("833f03");
    assertThat(registers.flags() & ZERO).isNotZero();
    done("f60701");
    assertThat(registers.flags() & ZERO).isZero();
    registers.set(0, 2);
    done("3a07");
    assertThat(registers.flags() & CARRY).isNotZero();
    done("0fba2700");
    assertThat(registers.flags() & CARRY).isNotZero();
    assertThat(accesses).noneMatch(access -> access.startsWith("store"));
  }

  @Test
  void exchanges() {
    memory.putInt(0, 10);
    registers.set(0, 20);
    done("8707");
    assertThat(memory.getInt(0)).isEqualTo(20);
    assertThat(registers.get(0)).isEqualTo(10);
    done("f00fc107");
    assertThat(memory.getInt(0)).isEqualTo(30);
    assertThat(registers.get(0)).isEqualTo(20);
    registers.set(1, 99);
    done("f00fb10f");
    assertThat(registers.get(0)).as("was not 20").isEqualTo(30);
    done("f00fb10f");
    assertThat(memory.getInt(0)).isEqualTo(99);
    registers.set(0, 35);
    done("0fab07");
    assertThat(memory.getInt(4)).as("bit 35 lies in the next word").isEqualTo(8);
    registers.setFlags(ZERO);
    done("0f9407");
    assertThat(bytes[0]).isEqualTo((byte) 1);
    done("0f4507");
    assertThat(registers.get(0)).as("not moved").isEqualTo(35);
  }

  @Test
  void movesStrings() {
    for (int i = 0; i < 8; i++) {
      bytes[i + 64] = (byte) (i + 1);
    }
    registers.set(Registers.RSI, AT + 64);
    registers.set(Registers.RCX, 2);
    done("f3a5");
    assertThat(memory.getLong(0)).isEqualTo(memory.getLong(64));
    assertThat(registers.get(Registers.RCX)).isZero();
    assertThat(registers.get(Registers.RDI)).isEqualTo(AT + 8);
    registers.set(Registers.RSI, AT + 64);
    done("ad");
    assertThat(registers.get(0)).isEqualTo(0x0403_0201);
    registers.set(Registers.RCX, 3);
    done("f348ab");
    assertThat(memory.getLong(16)).isEqualTo(0x0403_0201);
    registers.set(Registers.RCX, 0);
    accesses.clear();
    done("f3a4");
    assertThat(accesses).isEmpty();
  }

  @Test
  void longMoveGoesOnWhereItWasLeft() {
    registers.set(Registers.RCX, 5000);
    assertThat(run("f348ab")).as("memory ends").isEqualTo(Outcome.REFUSED);
    assertThat(registers.get(Registers.RCX)).isEqualTo(5000 - 64);
    assertThat(registers.rip()).isEqualTo(CODE);
  }

  @Test
  void movesVectors() {
    for (int i = 0; i < 64; i++) {
      bytes[i] = (byte) i;
      vectors[1][i] = (byte) 0xEE;
      vectors[9][i] = (byte) 0xEE;
      vectors[17][i] = (byte) 0xEE;
    }
    done("0f100f");
    assertThat(vectors[1]).startsWith(0, 1, 2).endsWith(0xEE, 0xEE);
    assertThat(vectors[1][15]).isEqualTo((byte) 15);
    done("c57e6f0f");
    assertThat(vectors[9][31]).isEqualTo((byte) 31);
    assertThat(vectors[9][32]).as("cleared above").isZero();
    done("62e1fe286f0f");
    assertThat(vectors[17][31]).isEqualTo((byte) 31);
    done("62e1fe487f4f01");
    assertThat(accesses).last().as("the displacement counts vectors").isEqualTo("store 64 64");
    done("f30f100f");
    assertThat(vectors[1]).startsWith(0, 1, 2, 3, 0, 0).endsWith(0xEE, 0xEE);
    done("f30f7e0f");
    done("660fd60f");
    done("660f7e0f");
    done("0f160f");
    assertThat(vectors[1][8]).isEqualTo(vectors[1][0]);
    done("660fe70f");
    done("66440f7f0f");
    done("660f382a0f");
    done("f20ff00f");
    done("c5fa7e0f");
    assertThat(accesses).last().isEqualTo("load 0 8");
    registers.set(Registers.RSI, AT);
    done("660f38f83e");
    assertThat(accesses).last().isEqualTo("store 0 64");
  }

  @ParameterizedTest
  @CsvSource({"ff37", "dd07", "0faef8", "62e17f2d7f47ff", "f30f3800", "8b", "0f0b", "c5f5160f"})
  void whatItDoesNotKnowHappensNot(String code) {
    assertThat(run(code)).isEqualTo(Outcome.UNKNOWN);
    assertThat(accesses).isEmpty();
    assertThat(registers.rip()).isEqualTo(CODE);
  }

  @Test
  void noSequenceOfBytesIsAnAccident() {
    var random = new java.util.SplittableRandom(11);
    for (int i = 0; i < 200_000; i++) {
      byte[] code = new byte[15];
      random.nextBytes(code);
      registers.setRip(CODE);
      for (int r = 0; r < 16; r++) {
        registers.set(r, AT + random.nextInt(512));
      }
      assertThat(Emulator.carryOut(code, registers, file, target)).isNotNull();
    }
  }
}
