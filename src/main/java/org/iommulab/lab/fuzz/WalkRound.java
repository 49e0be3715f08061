package org.iommulab.lab.fuzz;

import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.vtd.config.Capabilities;
import org.iommulab.vtd.request.Rights;
import org.iommulab.vtd.request.Translation;

/** A unit without an IOTLB and the naive one answer alike, while tables change under them. */
final class WalkRound extends Round {

  private final Scene scene;
  private final Driver driver;
  private final NaiveUnit naive;
  private final FuzzRules rules;

  WalkRound(Random random, Capabilities capabilities) {
    super(random);
    boolean scalable = NaiveWalker.bits(capabilities.ecap(), 43, 43) == 1 && random.nextInt(3) != 0;
    scene = new Scene(random, scalable, capabilities);
    driver = new Driver(RandomUnit.withoutIotlb(capabilities, random), scene.memory);
    naive = new NaiveUnit(scene.memory, capabilities);
    rules = new FuzzRules(driver, false);
    driver.start(scalable);
  }

  @Override
  String subject() {
    return scene.isScalable() ? "walks in scalable mode" : "walks in legacy mode";
  }

  @Override
  Optional<String> step() {
    if (random.nextInt(3) == 0) {
      scene.change();
      forgetContexts();
    }
    if (random.nextInt(16) == 0) {
      driver.clearFaults();
    }
    int source = Scene.SOURCES[random.nextInt(Scene.SOURCES.length)];
    int pasid = scene.isScalable() ? random.nextInt(5) - 1 : Pasid.NONE.value();
    boolean write = random.nextBoolean();
    long address = scene.address();
    var access =
        DmaAccess.of(
                new SourceId(source),
                address,
                1,
                write ? DmaAccess.Kind.WRITE : DmaAccess.Kind.READ)
            .withPasid(new Pasid(pasid));
    long expected =
        scene.isScalable()
            ? naive.scalable(Scene.ROOT, source, pasid, address, write)
            : naive.legacy(Scene.ROOT, source, address, write);
    if (access.pasid().isNone() && random.nextBoolean()) {
      long answer = driver.unit.translateFast(source, address, write ? Rights.WRITE : Rights.READ);
      return first(() -> compare(access, expected, answer), () -> isMarked(access, answer));
    }
    boolean hadOverflowed = driver.hasOverflowed();
    Translation answer = driver.unit.translate(access);
    return first(
        () -> compare(access, expected, inOneNumber(answer)),
        () -> isMarked(access, expected),
        () -> rules.faultIsKept(access, answer, hadOverflowed),
        rules::countsAddUp);
  }

  /** Context and PASID entries may be cached, so that the unit's fast way is taken too. */
  private void forgetContexts() {
    driver.submit(1 | 1 << 4, 0);
    if (scene.isScalable()) {
      driver.submit(7 | 3 << 4, 0);
    }
  }

  private Optional<String> isMarked(DmaAccess access, long answer) {
    boolean marked = !scene.isScalable() || answer < 0 || naive.isMarked(access.writes());
    return marked
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT, "%s went through without its accessed or dirty bits", access));
  }

  private static long inOneNumber(Translation answer) {
    return switch (answer) {
      case Translation.Done done -> done.address();
      case Translation.Blocked blocked -> -blocked.reason().code();
      case Translation.Interrupt interrupt -> Long.MIN_VALUE + 1;
      case Translation.Aborted aborted -> Long.MIN_VALUE;
    };
  }

  private static Optional<String> compare(DmaAccess access, long expected, long answer) {
    return expected == answer || expected == NaiveUnit.UNKNOWN
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s: the unit answers %s, the naive walker %s",
                access,
                inWords(answer),
                inWords(expected)));
  }

  private static String inWords(long answer) {
    if (answer == Long.MIN_VALUE) {
      return "an interrupt";
    }
    if (answer == Long.MIN_VALUE + 1) {
      return "an abort";
    }
    return answer >= 0
        ? String.format(Locale.ROOT, "address 0x%x", answer)
        : String.format(Locale.ROOT, "fault 0x%x", -answer);
  }
}
