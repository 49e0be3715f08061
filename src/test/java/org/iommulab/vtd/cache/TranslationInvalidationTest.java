package org.iommulab.vtd.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.iommulab.vtd.config.CacheGeometry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A large cache and a plain map lose the same entries to every kind of invalidation. */
class TranslationInvalidationTest {

  private static final int STEPS = 3000;

  private final TranslationCache cache = new TranslationCache(CacheGeometry.unbounded(), 1);
  private final Map<Entry, Long> plain = new HashMap<>();

  private record Entry(long page, int level, int domain, int pasid, boolean first) {

    long tag() {
      return first ? Caches.firstStageTag(domain, pasid) : Caches.secondStageTag(domain);
    }

    boolean overlaps(long from, long size) {
      long start = page << TranslationCache.shift(level);
      return start < from + size && from < start + (1L << TranslationCache.shift(level));
    }
  }

  private void insert(Random random) {
    int level = random.nextInt(5) == 0 ? 2 : 1;
    boolean first = random.nextInt(3) == 0;
    var entry =
        new Entry(
            random.nextInt(1 << 13) >> 9 * (level - 1),
            level,
            1 + random.nextInt(5),
            first ? random.nextInt(3) : 0,
            first);
    cache.insert(
        entry.page() << TranslationCache.shift(level),
        entry.tag(),
        level,
        random.nextInt(8),
        binding(entry.domain()));
    plain.put(entry, 0L);
  }

  private static Binding binding(int domain) {
    var binding = new Binding();
    binding.domain = domain;
    binding.source = 7;
    return binding;
  }

  private void lose(Predicate<Entry> condition) {
    plain.keySet().removeIf(condition);
  }

  private void compare(long seed) {
    assertThat(cache.size()).as("seed %d", seed).isEqualTo(plain.size());
    for (Entry entry : plain.keySet()) {
      long address = entry.page() << TranslationCache.shift(entry.level());
      assertThat(cache.find(address, entry.tag(), entry.level()))
          .as("seed %d, %s", seed, entry)
          .isNotNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void sameEntriesGo(long seed) {
    Random random = new Random(seed);
    var invalidation = new TranslationInvalidation(cache, random.nextBoolean());
    for (int i = 0; i < STEPS; i++) {
      insert(random);
      if (random.nextInt(40) != 0) {
        continue;
      }
      int domain = 1 + random.nextInt(5);
      int pasid = random.nextInt(3);
      int mask = random.nextInt(14);
      long size = 4096L << mask;
      long from = random.nextInt(1 << 25) & -size;
      switch (random.nextInt(5)) {
        case 0 -> {
          invalidation.domain(domain);
          lose(entry -> entry.domain() == domain);
        }
        case 1 -> {
          invalidation.pasid(domain, pasid);
          lose(entry -> entry.first() && entry.domain() == domain && entry.pasid() == pasid);
        }
        case 2 -> {
          invalidation.pasidPages(domain, pasid, from, mask);
          lose(
              entry ->
                  entry.first()
                      && entry.domain() == domain
                      && entry.pasid() == pasid
                      && entry.overlaps(from, size));
        }
        default -> {
          invalidation.pages(domain, from, mask);
          lose(entry -> entry.domain() == domain && (entry.first() || entry.overlaps(from, size)));
        }
      }
      compare(seed);
    }
  }

  @Test
  void domainsThatComeAndGoLeaveNothingBehind() {
    var invalidation = new TranslationInvalidation(cache, true);
    for (int domain = 0; domain < 60_000; domain++) {
      cache.insert(0x1000, Caches.secondStageTag(domain), 1, 3, binding(domain));
      if (domain >= 10) {
        invalidation.domain(domain - 10);
      }
    }
    assertThat(cache.size()).isEqualTo(10);
    assertThat(cache.groups().places()).isLessThanOrEqualTo(128);
  }
}
