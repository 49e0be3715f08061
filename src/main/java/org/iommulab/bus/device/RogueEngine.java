package org.iommulab.bus.device;

import static org.iommulab.bits.Field.flag;
import static org.iommulab.bits.Field.number;

import java.util.List;
import java.util.Optional;
import org.iommulab.bits.Field;
import org.iommulab.bits.Layout;
import org.iommulab.bus.device.DeviceRegister.Access;

/**
 * A malicious or broken DMA engine: it reads or writes addresses that nobody gave it, one after the
 * other or at random. It remembers what it could read; what became of its writes it cannot know.
 */
final class RogueEngine extends RegisteredDevice {

  private static final String SOURCE = "rogue engine";
  private static final int WORD = 8;

  static final Field GO = flag("GO", 0, "it runs");
  static final Field SPRAY = flag("SPRAY", 1, "writes instead of reading");
  static final Field RANDOM = flag("RANDOM", 2, "addresses by seed instead of one after the other");

  static final DeviceRegister CTRL = register(0x00, "CTRL", 32, GO, SPRAY, RANDOM);
  static final DeviceRegister COUNT =
      register(0x04, "COUNT", 32, number("COUNT", 31, 0, "accesses left"));
  static final DeviceRegister BASE =
      register(0x08, "BASE", 64, number("ADDR", 63, 0, "where the range starts"));
  static final DeviceRegister LENGTH =
      register(0x10, "LENGTH", 64, number("BYTES", 63, 0, "bytes of the range"));
  static final DeviceRegister STRIDE =
      register(0x18, "STRIDE", 64, number("BYTES", 63, 0, "from one access to the next"));
  static final DeviceRegister SEED =
      register(0x20, "SEED", 64, number("SEED", 63, 0, "of random addresses"));
  static final DeviceRegister PATTERN =
      register(0x28, "PATTERN", 64, number("WORD", 63, 0, "what it writes"));
  static final DeviceRegister TRIED = counter(0x30, "TRIED", "accesses made");
  static final DeviceRegister HITS = counter(0x38, "HITS", "reads that were answered");
  static final DeviceRegister ABORTS = counter(0x40, "ABORTS", "reads that were aborted");
  static final DeviceRegister LASTHIT = counter(0x48, "LASTHIT", "last address that answered");
  static final DeviceRegister LOOT = counter(0x50, "LOOT", "what it read there");

  RogueEngine(DmaPort port) {
    super(
        port,
        List.of(
            CTRL, COUNT, BASE, LENGTH, STRIDE, SEED, PATTERN, TRIED, HITS, ABORTS, LASTHIT, LOOT));
  }

  private static DeviceRegister register(int offset, String name, int bits, Field... fields) {
    return DeviceRegister.of(SOURCE, offset, Access.READ_WRITE, name, bits, fields);
  }

  private static DeviceRegister counter(int offset, String name, String meaning) {
    return new DeviceRegister(
        offset, Access.READ_ONLY, Layout.of(name, 64, SOURCE, number("VALUE", 63, 0, meaning)));
  }

  @Override
  public void write(DeviceRegister register, long value) {
    super.write(register, value);
    if (register == CTRL && registers.isSet(CTRL, GO)) {
      registers.set(TRIED, 0);
      registers.set(HITS, 0);
      registers.set(ABORTS, 0);
    }
  }

  @Override
  public boolean step() {
    if (!registers.isSet(CTRL, GO)) {
      return false;
    }
    if (registers.get(COUNT) == 0) {
      registers.clear(CTRL, GO);
      return false;
    }
    attempt(next());
    registers.set(TRIED, registers.get(TRIED) + 1);
    registers.set(COUNT, registers.get(COUNT) - 1);
    if (registers.get(COUNT) == 0) {
      registers.clear(CTRL, GO);
    }
    return true;
  }

  private long next() {
    long words = Math.max(1, registers.get(LENGTH) / WORD);
    if (registers.isSet(CTRL, RANDOM)) {
      long random = Scatter.next(registers.get(SEED));
      registers.set(SEED, random);
      return registers.get(BASE) + Long.remainderUnsigned(random, words) * WORD;
    }
    long stride = Math.max(WORD, registers.get(STRIDE));
    long distance = Long.remainderUnsigned(registers.get(TRIED) * stride, words * WORD);
    return registers.get(BASE) + (distance & -WORD);
  }

  private void attempt(long address) {
    if (registers.isSet(CTRL, SPRAY)) {
      port.write(address, Words.quadwords(registers.get(PATTERN)));
      return;
    }
    byte[] found = port.read(address, WORD);
    if (found == null) {
      registers.set(ABORTS, registers.get(ABORTS) + 1);
    } else {
      registers.set(HITS, registers.get(HITS) + 1);
      registers.set(LASTHIT, address);
      registers.set(LOOT, Words.of(found).getLong());
    }
  }

  @Override
  public String activity() {
    if (!registers.isSet(CTRL, GO)) {
      return "idle";
    }
    return registers.isSet(CTRL, SPRAY) ? "spraying" : "scanning";
  }

  @Override
  public Optional<byte[]> output() {
    return registers.get(HITS) == 0
        ? Optional.empty()
        : Optional.of(Words.quadwords(registers.get(LOOT)));
  }

  @Override
  public void reset() {
    registers.reset();
  }
}
