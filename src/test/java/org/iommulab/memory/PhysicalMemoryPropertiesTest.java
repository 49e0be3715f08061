package org.iommulab.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.iommulab.memory.PhysicalMemory.Change;
import org.iommulab.memory.PhysicalMemory.Checkpoint;
import org.iommulab.testing.Seeds;

/** Random programs against a byte array that keeps a whole copy for each checkpoint. */
final class PhysicalMemoryPropertiesTest {

  private static final int SIZE = 16 * 4096;
  private static final AddressRange LOW = new AddressRange(0, 5 * 4096);
  private static final AddressRange HIGH = new AddressRange(7 * 4096, 14 * 4096);

  private record Kept(Checkpoint checkpoint, byte[] bytes) {}

  private final PhysicalMemory memory = PhysicalMemory.of(List.of(HIGH, LOW));
  private final List<Kept> kept = new ArrayList<>();
  private byte[] model = new byte[SIZE];

  @Seeds
  void memoryBehavesLikeAnArrayWithWholeCopies(long seed) {
    var random = new Random(seed);
    if (random.nextBoolean()) {
      layImage(random);
    }
    for (int step = 0; step < 300; step++) {
      step(random);
    }
    assertSame();
  }

  private void step(Random random) {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> writeBytes(random);
      case 3, 4 -> writeQword(random);
      case 5 -> writeDword(random);
      case 6 -> kept.add(new Kept(memory.checkpoint(), model.clone()));
      case 7 -> restore(random);
      case 8 -> forget(random);
      case 9 -> assertChanges(random);
      default -> assertBytes(random);
    }
  }

  private void layImage(Random random) {
    byte[] file = new byte[random.nextInt(4 * 4096) + 1];
    random.nextBytes(file);
    int start = random.nextInt(10 * 4096);
    memory.underlay(start, MemorySegment.ofArray(file));
    for (int i = 0; i < file.length; i++) {
      store(start + i, file[i]);
    }
  }

  private void store(int address, byte value) {
    if (address < SIZE && (LOW.contains(address, 1) || HIGH.contains(address, 1))) {
      model[address] = value;
    }
  }

  private void writeBytes(Random random) {
    byte[] bytes = new byte[random.nextInt(3 * 4096) + 4];
    random.nextBytes(bytes);
    int address = random.nextInt(SIZE);
    int offset = random.nextInt(4);
    memory.write(address, bytes, offset, bytes.length - offset);
    for (int i = offset; i < bytes.length; i++) {
      store(address + i - offset, bytes[i]);
    }
  }

  private void writeQword(Random random) {
    int address = random.nextInt(SIZE) & ~7;
    long value = random.nextLong();
    memory.writeQword(address, value);
    for (int i = 0; i < 8; i++) {
      store(address + i, (byte) (value >>> 8 * i));
    }
  }

  private void writeDword(Random random) {
    int address = random.nextInt(SIZE) & ~3;
    int value = random.nextInt();
    memory.writeDword(address, value);
    for (int i = 0; i < 4; i++) {
      store(address + i, (byte) (value >>> 8 * i));
    }
  }

  private void restore(Random random) {
    if (!kept.isEmpty()) {
      int index = random.nextInt(kept.size());
      Kept target = kept.get(index);
      memory.restore(target.checkpoint());
      model = target.bytes().clone();
      kept.removeIf(later -> later.checkpoint().epoch() > target.checkpoint().epoch());
      assertSame();
    }
  }

  private void forget(Random random) {
    if (kept.size() > 5) {
      Kept target = kept.get(random.nextInt(kept.size()));
      memory.forgetBefore(target.checkpoint());
      kept.removeIf(earlier -> earlier.checkpoint().epoch() < target.checkpoint().epoch());
    }
  }

  private void assertChanges(Random random) {
    if (kept.isEmpty()) {
      return;
    }
    Kept since = kept.get(random.nextInt(kept.size()));
    var expected = new ArrayList<Change>();
    for (int address = 0; address < SIZE; address += 8) {
      long before = qword(since.bytes(), address);
      long after = qword(model, address);
      if (before != after) {
        expected.add(new Change(address, before, after));
      }
    }
    Changes changes = memory.changesSince(since.checkpoint());
    assertThat(changes).containsExactlyElementsOf(expected);
    assertThat(changes.isEmpty()).isEqualTo(expected.isEmpty());
    int from = random.nextInt(SIZE / 8) * 8;
    int bytes = random.nextInt((SIZE - from) / 8 + 1) * 8;
    List<Change> within =
        expected.stream()
            .filter(change -> change.address() >= from && change.address() < from + bytes)
            .toList();
    assertThat(changes.in(from, bytes)).isEqualTo(within);
    assertThat(changes.count(from, bytes)).isEqualTo(within.size());
    assertThat(changes.any(from, bytes)).isEqualTo(!within.isEmpty());
  }

  private void assertBytes(Random random) {
    int address = random.nextInt(SIZE);
    byte[] bytes = new byte[Math.min(random.nextInt(3 * 4096), SIZE - address)];
    memory.read(address, bytes, 0, bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      assertThat(bytes[i]).isEqualTo(model[address + i]);
    }
  }

  private void assertSame() {
    byte[] bytes = new byte[SIZE];
    memory.read(0, bytes, 0, SIZE);
    assertThat(bytes).isEqualTo(model);
    for (int address = 0; address < SIZE; address += 8) {
      assertThat(memory.readQword(address)).isEqualTo(qword(model, address));
    }
  }

  private static long qword(byte[] bytes, int address) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value |= (bytes[address + i] & 0xFFL) << 8 * i;
    }
    return value;
  }
}
