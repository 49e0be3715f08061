package org.iommulab.lab.fuzz;

import java.util.List;
import java.util.Random;
import org.iommulab.vtd.config.CacheGeometry;
import org.iommulab.vtd.config.CacheGeometry.Policy;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.config.MachineOption;
import org.iommulab.vtd.config.MachineOptions;
import org.iommulab.vtd.config.Profiles;
import org.iommulab.vtd.config.UnitConfiguration;

/** Draws units that nobody has built, but somebody could. */
final class RandomUnit {

  private static final int[] HOST_BITS = {39, 42, 46, 52};
  private static final int[] WIDTHS = {0b010, 0b100, 0b110, 0b1000, 0b1100, 0b1110};

  /** Invalidation registers and fault records where {@link Scene} looks for them. */
  private static final long FIXED_CAP = 0x22L << 24 | 1L << 39 | 18L << 48;

  private static final long FIXED_ECAP = 0xFL << 8 | 1 << 1;

  private static final List<MachineOption> QEMU_7_2_OPTIONS =
      List.of(
          MachineOption.CACHING_MODE,
          MachineOption.SCALABLE,
          MachineOption.PASID,
          MachineOption.DEVICE_IOTLB,
          MachineOption.SNOOP_CONTROL,
          MachineOption.PASS_THROUGH,
          MachineOption.INTREMAP,
          MachineOption.EIM);

  private static final List<MachineOption> QEMU_11_1_OPTIONS =
      List.of(
          MachineOption.CACHING_MODE,
          MachineOption.SCALABLE,
          MachineOption.FSTS,
          MachineOption.FS1GP,
          MachineOption.SVM,
          MachineOption.STALE_TM,
          MachineOption.DEVICE_IOTLB,
          MachineOption.SNOOP_CONTROL,
          MachineOption.INTREMAP,
          MachineOption.EIM);

  private RandomUnit() {}

  static Capabilities capabilities(Random random) {
    int widths = WIDTHS[random.nextInt(WIDTHS.length)];
    int widest = 12 + 9 * (33 - Integer.numberOfLeadingZeros(widths));
    long cap = FIXED_CAP;
    cap |= random.nextInt(7);
    cap |= (long) widths << 8;
    cap |= (long) (widest - 1 - random.nextInt(2) * random.nextInt(10)) << 16;
    cap |= (long) random.nextInt(4) << 34;
    cap |= (long) random.nextInt(8) << 40;
    cap |= some(random, 22, 56, 59, 60, 62, 63);
    long ecap = FIXED_ECAP;
    ecap |= some(random, 0, 2, 3, 4, 6, 7, 26, 40, 43, 45, 46, 47, 48, 49, 52);
    ecap |= 1L << 43;
    ecap |= (long) random.nextInt(20) << 35;
    return new Capabilities(cap, ecap, 0x10, HOST_BITS[random.nextInt(HOST_BITS.length)]);
  }

  private static long some(Random random, int... bits) {
    long all = 0;
    for (int bit : bits) {
      all |= (random.nextInt(4) == 0 ? 0L : 1L) << bit;
    }
    return all;
  }

  /** The architecture without IOTLB and paging-structure cache; context entries may be cached. */
  static UnitConfiguration withoutIotlb(Capabilities capabilities, Random random) {
    return Profiles.spec(capabilities)
        .withIotlb(CacheGeometry.none())
        .withContextCache(random.nextInt(4) == 0 ? CacheGeometry.none() : geometry(random))
        .withPasidCache(random.nextInt(4) == 0 ? CacheGeometry.none() : geometry(random))
        .withPagingCache(CacheGeometry.none());
  }

  /** The architecture with caches of any shape. */
  static UnitConfiguration withCaches(Capabilities capabilities, Random random) {
    return Profiles.spec(capabilities)
        .withIotlb(geometry(random))
        .withContextCache(geometry(random))
        .withPasidCache(geometry(random))
        .withPagingCache(random.nextBoolean() ? CacheGeometry.none() : geometry(random))
        .withSeed(random.nextLong());
  }

  /** The architecture with random capabilities and caches, or QEMU's unit. */
  static UnitConfiguration ofAnyProfile(Random random, Capabilities capabilities) {
    if (random.nextInt(3) != 0) {
      return withCaches(capabilities, random);
    }
    return random.nextInt(3) == 0
        ? qemu(random, Profiles.QEMU_11_1, QEMU_11_1_OPTIONS)
        : qemu(random, Profiles.QEMU_7_2, QEMU_7_2_OPTIONS);
  }

  /** QEMU's unit with options it can have. */
  private static UnitConfiguration qemu(
      Random random, String profile, List<MachineOption> changeable) {
    while (true) {
      MachineOptions options =
          MachineOptions.DEFAULT
              .withAwBits(random.nextBoolean() ? 48 : 39)
              .withPasidBits(
                  profile.equals(Profiles.QEMU_11_1) && random.nextBoolean()
                      ? random.nextInt(21)
                      : 0);
      for (MachineOption option : changeable) {
        options = options.with(option, random.nextBoolean());
      }
      if (Profiles.objection(profile, options).isEmpty()) {
        return Profiles.named(profile, options).orElseThrow();
      }
    }
  }

  private static CacheGeometry geometry(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> CacheGeometry.none();
      case 1 -> CacheGeometry.unbounded();
      default -> {
        Policy[] policies = {
          Policy.LEAST_RECENTLY_USED,
          Policy.TREE_PSEUDO_LRU,
          Policy.FIRST_IN_FIRST_OUT,
          Policy.RANDOM
        };
        yield new CacheGeometry(
            1 << random.nextInt(4), 2 << random.nextInt(2), policies[random.nextInt(4)]);
      }
    };
  }
}
