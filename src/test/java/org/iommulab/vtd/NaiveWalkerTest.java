package org.iommulab.vtd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.DmaAccess.Kind;
import org.iommulab.bus.Pasid;
import org.iommulab.lab.fuzz.NaiveWalker;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.request.Translation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The unit and a naive walker agree on random tables: few frames that point at each other, with
 * every bit flipped now and then.
 */
class NaiveWalkerTest {

  private static final int FRAMES = 24;
  private static final int REQUESTS = 4000;
  private static final int PASID = 1;

  private final Rig rig = new Rig(Profiles.spec(Rig.everything()).withIotlb(CacheGeometry.none()));
  private final NaiveWalker naive =
      new NaiveWalker(rig.memory, Rig.everything().cap(), Rig.everything().ecap(), 46);
  private long frames;

  /** Fills frames with entries that mostly point to frames. */
  private void scatter(Random random, long rights) {
    frames = rig.table();
    for (int i = 1; i < FRAMES; i++) {
      rig.table();
    }
    for (int i = 0; i < FRAMES; i++) {
      for (int slot = 0; slot < 8; slot++) {
        rig.set(frames + i * 4096L + slot * 8L, entry(random, rights));
      }
    }
  }

  private long entry(Random random, long rights) {
    long entry = frames + random.nextInt(FRAMES) * 4096L | rights;
    int kind = random.nextInt(12);
    return switch (kind) {
      case 0 -> entry ^ 1L << random.nextInt(64);
      case 1 -> entry & ~(1L << random.nextInt(3));
      case 2 -> 0;
      case 3 -> 0x4000_0000L | rights | 0x80;
      case 4 -> 0xFEE0_0000L | rights;
      case 5 -> Rig.NOWHERE | rights;
      default -> entry;
    };
  }

  /** An address that uses the first eight entries of each table. */
  private static long address(Random random) {
    long address = random.nextInt(4096);
    for (int level = 1; level <= 4; level++) {
      address |= (long) random.nextInt(8) << 12 + 9 * (level - 1);
    }
    return random.nextInt(20) == 0 ? address | 1L << 47 + random.nextInt(16) : address;
  }

  private long ask(long address, boolean write, int pasid) {
    var access =
        DmaAccess.of(Rig.DEVICE, address, 1, write ? Kind.WRITE : Kind.READ)
            .withPasid(new Pasid(pasid));
    return switch (rig.unit.translate(access)) {
      case Translation.Done done -> done.address();
      case Translation.Blocked blocked -> -blocked.reason().code();
      case Translation.Interrupt interrupt -> 0;
      case Translation.Aborted aborted -> 0;
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void legacyTablesAgree(long seed) {
    Random random = new Random(seed);
    scatter(random, 3);
    rig.legacy(0, 0);
    rig.set(rig.context + Rig.SID * 16L, frames | 1, Rig.DID << 8 | 2);
    rig.start(0);
    for (int i = 0; i < REQUESTS; i++) {
      long address = address(random);
      boolean write = random.nextBoolean();
      long expected = naive.second(frames, 4, address, write, false);
      assertThat(ask(address, write, Pasid.NONE.value()))
          .as("seed %d, address %x", seed, address)
          .isEqualTo(expected);
      long fast = rig.unit.translateFast(Rig.SID, address, write ? 2 : 1);
      assertThat(fast).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void secondStageTablesAgree(long seed) {
    Random random = new Random(seed);
    scatter(random, 3);
    rig.scalable(8);
    rig.pasidEntry(PASID, frames | 2 << 6 | 2 << 2 | 1, Rig.DID | 1L << 23);
    rig.start(1);
    for (int i = 0; i < REQUESTS; i++) {
      long address = address(random);
      boolean write = random.nextBoolean();
      assertThat(ask(address, write, PASID))
          .as("seed %d, address %x", seed, address)
          .isEqualTo(naive.second(frames, 4, address, write, true));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
  void firstStageTablesAgree(long seed) {
    Random random = new Random(seed);
    scatter(random, 7);
    rig.scalable(8);
    rig.pasidEntry(PASID, 1 << 6 | 1, Rig.DID | 1L << 23, frames);
    rig.start(1);
    for (int i = 0; i < REQUESTS; i++) {
      long address = address(random);
      boolean write = random.nextBoolean();
      assertThat(ask(address, write, PASID))
          .as("seed %d, address %x", seed, address)
          .isEqualTo(naive.first(frames, address, write, 0, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33, 34, 35, 36, 37, 38, 39, 40})
  void nestedTablesAgree(long seed) {
    Random random = new Random(seed);
    scatter(random, 0x67);
    long second = rig.table();
    for (int i = 0; i < FRAMES; i++) {
      long page = frames + i * 4096L;
      long rights = random.nextInt(8) == 0 ? random.nextInt(4) : 3;
      rig.map(second, 4, page, page | rights, 1, 3);
    }
    rig.scalable(8);
    rig.pasidEntry(PASID, second | 3 << 6 | 2 << 2 | 1, Rig.DID | 1L << 23, frames);
    rig.start(1);
    for (int i = 0; i < REQUESTS; i++) {
      long address = address(random);
      boolean write = random.nextBoolean();
      long expected = naive.first(frames, address, write, second, 4);
      assertThat(ask(address, write, PASID))
          .as("seed %d, address %x", seed, address)
          .isEqualTo(expected);
    }
  }
}
