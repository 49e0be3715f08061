package org.iommulab.lab.fuzz;

import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.RemappingUnit;
import org.iommulab.vtd.cache.CacheLine;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.layout.CapabilityLayout;
import org.iommulab.vtd.request.Translation;

/** Caches of any shape, tables that change under them, and invalidations through the queue. */
final class CacheRound extends Round {

  private static final int MASKS = 12;

  private final Scene scene;
  private final Driver driver;
  private final RemappingUnit unit;
  private final FuzzRules rules;
  private final int largestMask;

  CacheRound(Random random, Capabilities capabilities) {
    super(random);
    boolean scalable = NaiveWalker.bits(capabilities.ecap(), 43, 43) == 1 && random.nextInt(3) != 0;
    scene = new Scene(random, scalable, capabilities);
    driver = new Driver(RandomUnit.withCaches(capabilities, random), scene.memory);
    unit = driver.unit;
    rules = new FuzzRules(driver, false);
    // A unit without page-selective invalidation takes any mask and drops the whole domain.
    largestMask =
        capabilities.has(CapabilityLayout.PSI) ? capabilities.maximumAddressMask() : MASKS - 1;
    driver.start(scalable);
  }

  @Override
  String subject() {
    return scene.isScalable() ? "caches in scalable mode" : "caches in legacy mode";
  }

  @Override
  Optional<String> step() {
    return switch (random.nextInt(10)) {
      case 0 -> {
        scene.change();
        yield Optional.empty();
      }
      case 1 -> invalidate();
      case 2 -> {
        driver.clearFaults();
        yield Optional.empty();
      }
      default -> request();
    };
  }

  private Optional<String> request() {
    Set<FuzzRules.Identity> stale = rules.stale();
    boolean hadOverflowed = driver.hasOverflowed();
    int source = Scene.SOURCES[random.nextInt(Scene.SOURCES.length)];
    if (random.nextInt(3) == 0) {
      unit.translateFast(source, scene.address(), 1 + random.nextInt(3));
      return first(() -> rules.cachedOnlyWhatTablesSay(stale), rules::countsAddUp);
    }
    DmaAccess.Kind[] kinds = DmaAccess.Kind.values();
    var access =
        DmaAccess.of(new SourceId(source), scene.address(), 1, kinds[random.nextInt(kinds.length)])
            .withPasid(scene.isScalable() ? new Pasid(random.nextInt(5) - 1) : Pasid.NONE);
    Translation answer = unit.translate(access);
    return first(
        () -> rules.cachedOnlyWhatTablesSay(stale),
        () -> rules.faultIsKept(access, answer, hadOverflowed),
        rules::countsAddUp);
  }

  private Optional<String> invalidate() {
    int domain = 1 + random.nextInt(6);
    long did = (long) domain << 16;
    int source = Scene.SOURCES[random.nextInt(Scene.SOURCES.length)];
    int pasid = random.nextInt(4);
    int mask = Math.min(random.nextInt(MASKS), largestMask);
    long size = 4096L << mask;
    long from = scene.address() & -size;
    return switch (random.nextInt(9)) {
      case 0 -> send("a global IOTLB invalidation", 2 | 1 << 4, 0, this::translations);
      case 1 ->
          send(
              "an IOTLB invalidation of domain " + domain,
              2 | 2 << 4 | did,
              0,
              () -> translations().filter(line -> line.domain() == domain));
      case 2 ->
          send(
              String.format(
                  Locale.ROOT, "an IOTLB invalidation of pages at 0x%x of domain %d", from, domain),
              2 | 3 << 4 | did,
              from | mask,
              () ->
                  translations()
                      .filter(line -> line.domain() == domain)
                      .filter(line -> line.pasid() >= 0 || overlaps(line, from, size)));
      case 3 -> send("a global context invalidation", 1 | 1 << 4, 0, this::contexts);
      case 4 ->
          send(
              "a context invalidation of domain " + domain,
              1 | 2 << 4 | did,
              0,
              () -> contexts().filter(line -> line.domain() == domain));
      case 5 ->
          send(
              "a context invalidation of " + new SourceId(source),
              1 | 3 << 4 | did | (long) source << 32,
              0,
              () -> contexts().filter(line -> line.source() == source && line.domain() == domain));
      case 6 ->
          sendScalable(
              "a PASID-cache invalidation of domain " + domain,
              7 | did,
              0,
              () -> unit.pasidCache().stream().filter(line -> line.domain() == domain));
      case 7 ->
          sendScalable(
              "an IOTLB invalidation of PASID " + pasid,
              6 | 2 << 4 | did | (long) pasid << 32,
              0,
              () -> ofPasid(domain, pasid));
      default ->
          sendScalable(
              String.format(
                  Locale.ROOT, "an IOTLB invalidation of pages at 0x%x of PASID %d", from, pasid),
              6 | 3 << 4 | did | (long) pasid << 32,
              from | mask,
              () -> ofPasid(domain, pasid).filter(line -> overlaps(line, from, size)));
    };
  }

  private Stream<CacheLine> translations() {
    return Stream.concat(unit.iotlb().stream(), unit.pagingCache().stream());
  }

  private Stream<CacheLine> contexts() {
    return unit.contextCache().stream();
  }

  private Stream<CacheLine> ofPasid(int domain, int pasid) {
    return unit.iotlb().stream().filter(line -> line.domain() == domain && line.pasid() == pasid);
  }

  private static boolean overlaps(CacheLine line, long from, long size) {
    return line.page() < from + size && from < line.page() + line.size();
  }

  private Optional<String> sendScalable(
      String command, long low, long high, Supplier<Stream<CacheLine>> named) {
    return scene.isScalable() ? send(command, low, high, named) : Optional.empty();
  }

  private Optional<String> send(
      String command, long low, long high, Supplier<Stream<CacheLine>> named) {
    driver.submit(low, high);
    if (!driver.isQueueDone()) {
      return Optional.of("the queue stopped at " + command);
    }
    return rules.nothingLeft(named.get(), command);
  }
}
